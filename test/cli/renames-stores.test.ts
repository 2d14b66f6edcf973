import { describe, expect, inject, test } from 'vitest';
import { crypt } from '../servers/remotes.ts';
import { readTree, timesIn, writeTree } from './run.ts';
import { createSites } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('renames');
const site = sites.site('one', {
  swift: remotes['swift-v3'],
  s3: remotes['ceph-s3'],
  secret: crypt('s3:cli-renames'),
});

const source = sites.path('source');
const before = sites.path('before');
const old = sites.path('old');
writeTree(source, {
  same: 'same',
  'new name': 'a song',
  'd/moved': 'moved!',
  both: 'new',
  fresh: 'fresh',
  kept: 'kept',
});
writeTree(before, { same: 'same', song: 'a song', 'e/moved': 'moved!', both: 'old', gone: 'gone' });
writeTree(old, { fresh: 'fresh', both: 'new', kept: 'other' });

// The stores have no moves, only copies.
describe.each(['swift:cli-renames', 'secret:'])('in %s', (root) => {
  const place = root.endsWith(':') ? root : `${root}/`;

  test.each([
    'sync --track-renames',
    'sync --track-renames --track-renames-strategy modtime,leaf',
    'sync --track-renames --track-renames-strategy modtime --backup-dir BACKUP',
    'sync --copy-dest OLD --backup-dir BACKUP',
    'copy --compare-dest OLD',
    'copy --copy-dest OLD --no-traverse --suffix .1',
  ])('%s does what rclone does', async (line) => {
    const { coffer, rclone } = await site;
    const [command = '', ...flags] = line.split(' ');
    const ends: unknown[] = [];
    for (const [name, program] of Object.entries({ coffer, rclone })) {
      const at = (folder: string): string => `${place}${name}/${folder}`;
      await rclone(['copy', before, at('target')]);
      await rclone(['copy', old, at('old')]);
      const words = flags.map((flag) => flag.replace('OLD', at('old')).replace('BACKUP', at('backup')));
      const { code, stderr } = await program([command, source, at('target'), ...words]);
      const end = sites.path(`end-${name}`);
      await rclone(['sync', `${place}${name}`, end]);
      await rclone(['purge', `${place}${name}`]);
      ends.push({ code, files: readTree(end), times: timesIn(end) });
      expect(code, stderr).toBe(0);
    }
    expect(ends[0]).toEqual(ends[1]);
  });
});
