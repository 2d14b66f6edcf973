import { rmSync } from 'node:fs';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { crypt } from '../servers/remotes.ts';
import { readTree, timesIn, writeTree } from './run.ts';
import { createSites, type Site } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('spellings');
const source = sites.path('source');
const before = sites.path('before');
let site: Site;

// A Mac's names at the source, everybody else's at the destination.
const c = '\u00e9';
const d = 'e\u0301';

beforeAll(async () => {
  site = await sites.site('one', {
    swift: remotes['swift-v3'],
    s3: remotes['ceph-s3'],
    secret: crypt('swift:cli-spellings/sealed'),
  });
  const newer = new Date('2024-03-01T00:00:00Z');
  writeTree(
    source,
    { [d]: 'new', [`d${d}/in`]: 'newer', [`same${d}`]: 'same', [`fresh${d}`]: 'f', 'ﬁ ſ Å': '1' },
    newer,
  );
  writeTree(before, { [c]: 'old', [`d${c}/in`]: 'old', [`same${c}`]: 'same', [`d${c}/left`]: 'left', 'ﬁ ſ Å': '0' });
});

type Program = 'coffer' | 'rclone';

/** The bytes of the names as the place has them, and what stands under them. */
async function treeOf(place: string) {
  const end = sites.path('end');
  await site.rclone(['copy', place, end]);
  const tree = { files: readTree(end), times: timesIn(end) };
  rmSync(end, { recursive: true, force: true });
  return tree;
}

describe.each(['swift:cli-spellings', 's3:cli-spellings', 'secret:'])(
  'in %s names that differ by normal form are one',
  (root) => {
    const at = (name: string): string => `${root}${root.endsWith(':') ? '' : '/'}${name}`;

    async function outcome(program: Program, line: string) {
      const place = at(program);
      await site.rclone(['copy', before, place]);
      const words = line.split(' ').map((word) => word.replace('SRC', source).replace('DST', place));
      const { code, stdout, stderr } = await site[program](words);
      const tree = await treeOf(place);
      await site.rclone(['purge', place]);
      return { code, stdout: stdout.split('\n').sort(), tree, stderr };
    }

    test.each([
      'copy SRC DST',
      'sync SRC DST',
      'sync SRC DST --fast-list --checksum',
      'sync SRC DST --no-unicode-normalization',
      `copyto SRC/${d} DST/${c}`,
      `copy SRC/same${d} DST`,
      'check SRC DST --combined -',
      'check SRC DST --combined - --download --one-way',
      'check SRC DST --combined - --no-unicode-normalization',
    ])('%s does what rclone does', async (line) => {
      const { stderr: ours, ...first } = await outcome('coffer', line);
      const { stderr: theirs, ...second } = await outcome('rclone', line);
      expect(first, `${ours}\nrclone: ${theirs}`).toEqual(second);
      expect(first.code).toBe(line.startsWith('check') ? 1 : 0);
    });

    test('a second sync has nothing to do', async () => {
      const place = at('twice');
      await site.rclone(['copy', before, place]);
      for (const transfers of [/Copied|Updated/, undefined]) {
        const { code, stderr } = await site.coffer(['sync', '-v', source, place]);
        expect(code, stderr).toBe(0);
        if (transfers) expect(stderr).toMatch(transfers);
        else expect(stderr).not.toMatch(/Copied|Updated|Deleted/);
      }
    });
  },
);

test('a store’s two spellings of a name come to a disk as two files, and are found by their own', async () => {
  for (const [name, text] of [
    [c, 'composed'],
    [d, 'decomposed'],
  ] as const) {
    expect((await site.coffer(['rcat', `s3:cli-spellings/both/${name}`], { input: text })).code).toBe(0);
    expect((await site.rclone(['cat', `s3:cli-spellings/both/${name}`])).stdout).toBe(text);
  }
  for (const name of [c, d]) {
    const { stdout } = await site.coffer(['cat', `s3:cli-spellings/both/${name}`]);
    expect(stdout).toBe(name === c ? 'composed' : 'decomposed');
  }
  const end = sites.path('both');
  expect((await site.coffer(['copy', 's3:cli-spellings/both', end])).code).toBe(0);
  expect(readTree(end)).toEqual({ [c]: 'composed', [d]: 'decomposed' });
});
