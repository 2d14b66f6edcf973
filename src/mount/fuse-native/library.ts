import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Failure, messageOf } from '../../core/failure.ts';

/** Answers a request: the negative errno, or what the call returns where that is no failure, and what it gives back. */
export type Done = (status: number, ...results: readonly unknown[]) => void;

/** What fuse-native asks for, by the names of libfuse's operations. The last argument is a `Done`. */
export type Callbacks = Readonly<Record<string, (...args: readonly unknown[]) => void>>;

/** Answers a request of one of libfuse's threads. `native` is what that thread knows of it. */
export type Handler = (native: Uint8Array, opcode: number, ...args: readonly unknown[]) => void;

/** The class that fuse-native exports, as far as it is used here, protected methods too (index.js of 2.2.6). */
export interface Fuse {
  readonly mnt: string;
  readonly ops: Callbacks;
  readonly _thread: Uint8Array;
  mount(done: (error: Error | null) => void): void;
  unmount(done: (error: Error | null) => void): void;
  _fuseOptions(): string;
  _makeHandlerArray(): (Handler | undefined)[];
}

export type FuseClass = new (mountPoint: string, callbacks: Callbacks, options: { readonly timeout: false }) => Fuse;

/** The compiled part of fuse-native. */
export interface Binding {
  /** Lets go of what keeps the process alive. */
  fuse_native_unmount(mountPoint: string, thread: Uint8Array): void;
}

export interface Library {
  readonly Fuse: FuseClass;
  readonly binding: Binding;
}

/** Throws Failure('unsupported') that says what to install. */
export function loadLibrary(): Library {
  const require = createRequire(import.meta.url);
  try {
    const Fuse: FuseClass = require('fuse-native');
    // What it has loaded itself.
    const findBuild: (folder: string) => Binding = createRequire(require.resolve('fuse-native'))('node-gyp-build');
    return { Fuse, binding: findBuild(dirname(require.resolve('fuse-native'))) };
  } catch (error) {
    throw new Failure('unsupported', `--transport fuse-native: ${whatIsMissing(messageOf(error))}`, { cause: error });
  }
}

export function whatIsMissing(message: string, platform: NodeJS.Platform = process.platform): string {
  if (/lib(osx)?fuse/.test(message)) {
    const install = platform === 'darwin' ? 'macFUSE (brew install --cask macfuse)' : 'apt-get install libfuse2';
    return `libfuse 2 is not installed: ${install}`;
  }
  if (message.includes('No native build')) return `there is no build of fuse-native for ${platform} on ${process.arch}`;
  if (/Cannot find (module|package)/.test(message))
    return 'the package fuse-native is not installed: npm install fuse-native@2.2.6';
  return message;
}
