import { closeSync, openSync } from 'node:fs';
import { codeOf, Failure, messageOf } from '../../core/failure.ts';
import { largestRequest } from '../init.ts';
import { type KernelOptions, mountFlags } from './kernel-options.ts';
import { nativeCalls } from './native.ts';
import { runFusermount } from './system-program.ts';

export interface Attachment {
  /** Absolute, without symbolic links. */
  readonly mountPoint: string;
  /** What mount(8) and df(1) show as the device. */
  readonly deviceName: string;
  readonly options: KernelOptions;
}

/** Mounts, and returns the descriptor of /dev/fuse through which the kernel asks. Throws Failure that says why not. */
export async function attach(attachment: Attachment): Promise<number> {
  return process.geteuid?.() === 0 ? attachAsRoot(attachment) : attachAsUser(attachment);
}

const type = 'fuse.coffer';

function attachAsRoot({ mountPoint, deviceName, options }: Attachment): number {
  const fd = openFuse();
  const own = [`fd=${fd}`, 'rootmode=40000', 'user_id=0', 'group_id=0', `max_read=${largestRequest}`];
  const data = [...own, ...options.fuse].join(',');
  try {
    nativeCalls().mount(deviceName, mountPoint, type, mountFlags(options), data);
    return fd;
  } catch (error) {
    closeSync(fd);
    const hint = codeOf(error) === 'EPERM' ? ': a container needs --cap-add SYS_ADMIN' : '';
    throw cannotMount(mountPoint, `${messageOf(error)}${hint}`, error);
  }
}

function openFuse(): number {
  try {
    return openSync('/dev/fuse', 'r+');
  } catch (error) {
    const next = 'load the kernel module with `modprobe fuse`, or give a container --device /dev/fuse';
    throw new Failure('unsupported', `cannot open /dev/fuse (${codeOf(error)}): ${next}`, { cause: error });
  }
}

async function attachAsUser({ mountPoint, deviceName, options }: Attachment): Promise<number> {
  const words = [
    `fsname=${escapeOption(deviceName)}`,
    'subtype=coffer',
    `max_read=${largestRequest}`,
    ...options.general,
    ...options.fuse,
  ];
  const calls = nativeCalls();
  const [ours, theirs] = calls.socketPair();
  try {
    const outcome = await runFusermount(['-o', words.join(','), '--', mountPoint], theirs).finally(() =>
      closeSync(theirs),
    );
    // It says `fusermount3: ` itself.
    if (outcome.code !== 0) throw cannotMount(mountPoint, outcome.stderr || `fusermount3 ended with ${outcome.code}`);
    const fd = calls.receiveDescriptor(ours);
    if (fd === null) throw cannotMount(mountPoint, 'fusermount3 has sent no descriptor');
    return fd;
  } finally {
    closeSync(ours);
  }
}

/** Commas part options. */
export function escapeOption(text: string): string {
  return text.replace(/[\\,]/g, '\\$&');
}

function cannotMount(mountPoint: string, why: string, cause?: unknown): Failure {
  return new Failure('denied', `cannot mount on ${mountPoint}: ${why}`, { path: mountPoint, cause });
}
