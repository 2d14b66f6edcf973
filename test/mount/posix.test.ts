import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TransportName } from '../../src/mount/mount.ts';
import { requirePeer } from '../servers/peers.ts';
import { mustRun } from '../servers/run.ts';
import { makeStage, type Stage } from './stage.ts';

/** What a folder of this machine gives and a mount does not: its outcome there, and why. */
const differences: Readonly<Record<string, unknown>> = {
  // Crypt makes names longer; the disk below takes 255 bytes as well.
  'names: of 255 bytes': ['ENAMETOOLONG', 'ENAMETOOLONG'],
  // No remote has other things than files, folders and symlinks.
  'link: a second name': ['EPERM', 1],
  mkfifo: 'EPERM',
  'mknod: a plain file, a device': [null, 'EPERM'],
  // As most file systems that do not count them say.
  'stat: links of a folder': 1,
  // The same bytes need not go up again.
  'truncate: to the size it has sets the modification time': false,
  // Space on a remote can be neither set aside nor given back.
  'fallocate: keeps the size': ['ENOTSUP', 0],
  'fallocate: punches a hole': ['ENOTSUP', 0],
  'open: O_TMPFILE': 'ENOTSUP',
};

/** What fuse-native does not: of libfuse 2, and of the library itself. */
const faults: Readonly<Record<string, unknown>> = {
  'rename: RENAME_NOREPLACE': 'EINVAL',
  'rename: RENAME_EXCHANGE': 'EINVAL',
  'rmdir: a folder that somebody is in': 'ENOENT',
  'names: any bytes': 'ENOTSUP',
  'times: to the nanosecond': '1111111111987000000',
  'times: before 1970 and after 2038': [0, 5000000000],
};

/** A change of one time alone never reaches fuse-native: what the time is then depends on when it was looked at. */
const dropped = 'times: only one of the two';

const transports: readonly (readonly [TransportName, Readonly<Record<string, unknown>>])[] = [
  ['direct', differences],
  ['fuse-native', { ...differences, ...faults, [dropped]: expect.any(Array) }],
];

describe.each(transports)('a mount by %s', (transport, expected) => {
  let stage: Stage;
  let local: Record<string, unknown>;
  let mounted: Record<string, unknown>;

  async function probe(folder: string): Promise<Record<string, unknown>> {
    mkdirSync(folder);
    const script = join(import.meta.dirname, 'probes.py');
    return JSON.parse(await mustRun('timeout', ['--kill-after', '1', '100', 'python3', script, folder]));
  }

  beforeAll(async () => {
    requirePeer('libfuse2');
    stage = makeStage();
    await stage.mount('--transport', transport);
    [local, mounted] = await Promise.all([probe(join(stage.folder, 'local')), probe(join(stage.mountPoint, 'probes'))]);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  test('does in each probe what a folder in memory does, but for the known differences', () => {
    expect(Object.keys(local).length).toBeGreaterThan(100);
    expect(mounted).toEqual({ ...local, ...expected });
  });

  test('differs where the list of differences says so', () => {
    for (const name of Object.keys(expected)) expect(mounted[name], name).not.toEqual(local[name]);
  });

  test('has it all in the store when it is unmounted', async () => {
    const before = await mustRun('sh', ['-c', listing], { cwd: stage.mountPoint });
    await stage.unmount();
    expect(await mustRun('sh', ['-c', listing], { cwd: await stage.stored() })).toBe(before);
  });
});

/** Each path with its size and, for files, what is in it. */
const listing = "find . -printf '%P %y\\n' | LC_ALL=C sort; find . -type f -exec sha256sum {} + | LC_ALL=C sort";
