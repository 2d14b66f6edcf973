import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createVersionAtHand, type VersionAtHand } from '../../src/vfs/at-hand.ts';
import { localFolder } from '../remotes/local/folder.ts';

test('of many files that are read in here and there, few have a descriptor', async () => {
  const folder = localFolder();
  const remote = folder.remote();
  const names = Array.from({ length: 300 }, (_, i) => `file-${i}`);
  for (const name of names) writeFileSync(join(folder.disk, name), `the text of ${name}`);
  const versions: VersionAtHand[] = [];
  for (const name of names) versions.push(createVersionAtHand(remote, await remote.stat(`${folder.path}/${name}`)));

  const expectEach = (): void => {
    for (const [i, version] of versions.entries()) {
      const bytes = version.read(12, `the text of file-${i}`.length);
      expect(bytes && Buffer.from(bytes).toString(), `of file ${i}`).toBe(`file-${i}`);
    }
  };
  const openFiles = (): number =>
    readdirSync('/proc/self/fd').filter((fd) => isBelow(folder.disk, `/proc/self/fd/${fd}`)).length;

  expectEach();
  expect(openFiles()).toBe(64);
  expectEach();
  for (const version of versions) version.close();
  expect(openFiles()).toBe(0);
  folder.remove();
});

/** False for the descriptor by which the folder itself was read. */
function isBelow(folder: string, link: string): boolean {
  try {
    return readlinkSync(link).startsWith(folder);
  } catch {
    return false;
  }
}
