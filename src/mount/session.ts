import { closeSync } from 'node:fs';
import type { Nanoseconds } from '../core/entry.ts';
import type { Failure } from '../core/failure.ts';
import type { Report } from '../core/report.ts';
import { createSignal } from '../vfs/signal.ts';
import type { Handle, Vfs } from '../vfs/vfs.ts';
import { nativeCalls } from './attach/native.ts';
import { openDevice } from './device.ts';
import { createDispatcher } from './dispatch.ts';
import type { Farewell } from './farewell.ts';
import { closeLeft, createHandleTable } from './handles.ts';
import { createInvalidation } from './invalidation.ts';
import { createNodeTable } from './nodes.ts';
import type { OpenFolder, Served } from './operation.ts';
import { validityOf } from './protocol/time.ts';
import { readRequests } from './requests.ts';

export interface SessionOptions {
  readonly vfs: Vfs;
  /** Milliseconds for which the kernel may remember names and attributes. */
  readonly attributeTimeout: number;
  /** Who may use the mount; null leaves that to the kernel. */
  readonly allowedUsers: ReadonlySet<number> | null;
  readonly report: Report;
  readonly farewell: Farewell;
  now(): Nanoseconds;
}

/** What the kernel and we say to each other, from the mount to its end. */
export interface Session {
  /** Resolves when the folder can be used. */
  readonly ready: Promise<void>;
  /** Resolves when the mount is gone, and what was open in it is closed. */
  readonly ended: Promise<void>;
}

/** Serves the Vfs to the kernel through `fd`, an open /dev/fuse. */
export function startSession(fd: number, options: SessionOptions): Session {
  const { vfs, allowedUsers, report } = options;
  const device = openDevice(fd);
  const served: Served = {
    vfs,
    nodes: createNodeTable(vfs.root),
    files: createHandleTable<Handle>(),
    folders: createHandleTable<OpenFolder>(),
    validity: validityOf(options.attributeTimeout),
    now: options.now,
    pid: process.pid,
    farewell: options.farewell,
  };
  const ready = createSignal();
  const greeted = (failure: Failure | null): void => (failure ? ready.reject(failure) : ready.resolve());
  const dispatcher = createDispatcher({ device, served, allowedUsers, report, greeted });
  const forgetChanges = vfs.onChange(createInvalidation(device, served.nodes, report));

  // At its end the process would wait for its threads, of which one may be telling the kernel something that waits for an
  // answer of ours: a second Ctrl-C would hang, and whoever uses the folder with it.
  const exitAtOnce = (code: number): void => nativeCalls().exit(code);

  async function serve(): Promise<void> {
    process.on('exit', exitAtOnce);
    try {
      await readRequests(device, dispatcher.handle, dispatcher.stopAll);
    } finally {
      forgetChanges();
      await closeLeft(served.files, report);
      closeSync(fd);
      process.off('exit', exitAtOnce);
    }
  }
  return { ready: ready.promise, ended: serve() };
}
