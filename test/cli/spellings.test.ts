import { describe, expect, it } from 'vitest';
import { createBench } from './run.ts';
import { type Places, runIn, sideBySide } from './side-by-side.ts';

const bench = createBench('spellings');
const newer = new Date('2024-03-01T00:00:00Z');

// A Mac's names at the source, everybody else's at the destination.
const c = '\u00e9';
const d = 'e\u0301';

const places = {
  src: [{ [d]: 'new', [`d${d}/in`]: 'newer', [`same${d}`]: 'same', fresh: 'f' }, newer],
  dst: [{ [c]: 'old', [`d${c}/in`]: 'old', [`same${c}`]: 'same', [`d${c}/left`]: 'left' }],
} satisfies Places;

const cased = {
  src: [{ A: 'new', 'D/in': 'newer', Same: 'same', fresh: 'f', É: 'new' }, newer],
  dst: [{ a: 'old', 'd/IN': 'old', same: 'same', 'd/left': 'left', [d]: 'old' }],
} satisfies Places;

describe('names that differ by normal form are one, as for rclone', () => {
  it.each([
    'copy src dst',
    'sync src dst',
    'sync src dst --fast-list',
    'sync src dst --delete-before',
    'sync src dst --delete-during',
    'sync src dst --no-unicode-normalization',
    'sync src dst --ignore-existing',
    'sync src dst -n',
    'copy src dst --no-traverse',
    'copyto src dst',
    'sync src secret:dst',
    'move src secret:dst',
    'sync src secret:dst --no-unicode-normalization',
    `copy src/same${d} dst`,
    `copyto src/${d} dst/${d}`,
    `copyto src/${d} dst/${c}`,
  ])('%s', async (line) => {
    const { code } = await sideBySide(bench, line, places);
    expect(code).toBe(0);
  });

  it('a move takes away at the source what stands at the destination under the other form', async () => {
    const line = 'move src secret:dst --delete-empty-src-dirs';
    const { tree } = await sideBySide(bench, line, places);
    expect(tree).toMatchObject({ [`opened/dst/${c}`]: 'new', [`opened/dst/d${c}/in`]: 'newer' });
    expect(Object.keys(tree).filter((path) => path.startsWith('src/d'))).toEqual([]);
  });

  it('the log names both', async () => {
    const { stderr, theirs } = await sideBySide(bench, 'copy src dst -v', places);
    for (const told of [
      `${d}: Copied (replaced existing) to: ${c}`,
      `same${d}: Updated modification time in destination`,
    ]) {
      expect(stderr).toContain(told);
      expect(theirs).toContain(told);
    }
  });
});

describe('--ignore-case-sync', () => {
  it.each(['copy src dst', 'sync src dst', 'sync src secret:dst', 'move src secret:dst', 'sync src dst -n'])(
    '%s is rclone’s',
    async (line) => {
      const { code } = await sideBySide(bench, `${line} --ignore-case-sync`, cased);
      expect(code).toBe(0);
    },
  );
});

describe('check', () => {
  it.each([
    ['check src dst', places, 5],
    ['check src dst --one-way', places, 4],
    ['check src dst --download', places, 5],
    ['check src dst --no-unicode-normalization', places, 8],
    ['cryptcheck src secret:dst', places, 5],
    ['check src dst --ignore-case-sync', cased, 6],
  ] as const)('%s tells what rclone tells', async (line, trees, count) => {
    const reports = await Promise.all(
      (['coffer', 'rclone'] as const).map(async (program) => {
        const { code, stdout } = await runIn(bench, program, `${line} --combined -`, trees);
        return { code, lines: stdout.trim().split('\n').sort() };
      }),
    );
    expect(reports[0]).toEqual(reports[1]);
    expect(reports[0]?.lines).toHaveLength(count);
  });
});

describe('the destination keeps its spelling', () => {
  const ours = {
    src: [{ ...places.src[0], [`d${d}/fresh`]: 'fresh', [`d${d}/n${d}/f`]: 'f', [`d${d}/empty/`]: '' }, newer],
    dst: [{ ...places.dst[0], [`d${c}/n${c}/g`]: 'g' }],
  } satisfies Places;
  const there = {
    [`dst/${c}`]: 'new',
    [`dst/d${c}/in`]: 'newer',
    [`dst/d${c}/fresh`]: 'fresh',
    [`dst/d${c}/n${c}/f`]: 'f',
    [`dst/same${c}`]: 'same',
  };

  // rclone makes a second folder, spelt as the source's, and renames what it moves within one store.
  it.each([
    ['copy src dst --create-empty-src-dirs', { [`dst/d${c}/empty/`]: '', [`dst/d${c}/left`]: 'left' }],
    ['move src dst --delete-empty-src-dirs', { [`dst/d${c}/left`]: 'left' }],
    ['sync src dst --backup-dir bak', { [`bak/d${c}/in`]: 'old', [`bak/${c}`]: 'old', [`bak/d${c}/left`]: 'left' }],
    ['sync src dst --suffix .old', { [`dst/${c}.old`]: 'old', [`dst/d${c}/left.old`]: 'left' }],
    ['sync src secret:dst', {}],
  ])('%s brings what is new into its folder', async (line, expected) => {
    const { code, tree } = await runIn(bench, 'coffer', line, ours);
    expect(code).toBe(0);
    const at = line.includes('secret:') ? 'opened/dst' : 'dst';
    const all = Object.entries({ ...there, ...expected });
    expect(tree).toMatchObject(Object.fromEntries(all.map(([path, text]) => [path.replace(/^dst/, at), text])));
    expect(Object.keys(tree).filter((path) => path.startsWith(at) && path.includes(d))).toEqual([]);
    const again = line.startsWith('sync') && !line.includes('secret:');
    if (again)
      expect((await bench.coffer(['check', 'src', 'dst', '--one-way'], { cwd: bench.path('by-coffer') })).code).toBe(0);
  });

  it('a renamed file too', async () => {
    const { tree } = await runIn(bench, 'coffer', 'sync src dst --track-renames --track-renames-strategy size', {
      src: [{ [`d${d}/after`]: 'one and only' }, newer],
      dst: [{ [`d${c}/before`]: 'ONE AND ONLY' }],
    });
    expect(tree).toMatchObject({ [`dst/d${c}/after`]: 'ONE AND ONLY' });
    expect(Object.keys(tree)).toHaveLength(2);
  });

  it('a file that a filter hides under that spelling is kept before it is replaced', async () => {
    const line = `sync src dst --exclude /d${c}/in --backup-dir bak`;
    const { code, tree } = await runIn(bench, 'coffer', line, places);
    expect(code).toBe(0);
    expect(tree).toMatchObject({ [`dst/d${c}/in`]: 'newer', [`bak/d${c}/in`]: 'old' });
  });
});

describe('both forms on one side', () => {
  it('of the source are two files', async () => {
    for (const line of ['sync src dst', 'move src dst']) {
      const { tree } = await runIn(bench, 'coffer', line, {
        src: [{ [d]: 'one', [c]: 'other', [`f${d}/a`]: 'a', [`f${c}/b`]: 'b' }, newer],
        dst: [{ [c]: 'old', [`f${c}/b`]: 'old' }],
      });
      expect(tree).toMatchObject({
        [`dst/${d}`]: 'one',
        [`dst/${c}`]: 'other',
        [`dst/f${d}/a`]: 'a',
        [`dst/f${c}/b`]: 'b',
      });
    }
  });

  it('of the destination: the one that the source has not is left alone', async () => {
    for (const when of ['before', 'during', 'after']) {
      const { code, tree, stderr } = await runIn(bench, 'coffer', `sync src dst --delete-${when}`, {
        src: [{ [c]: 'new', [`f${d}/a`]: 'a' }, newer],
        dst: [{ [c]: 'old', [d]: 'other', [`f${d}/gone`]: 'g', [`f${c}/b`]: 'b' }],
      });
      expect(code).toBe(0);
      expect(tree).toEqual({
        [`src/${c}`]: 'new',
        [`src/f${d}/a`]: 'a',
        [`dst/${c}`]: 'new',
        [`dst/${d}`]: 'other',
        [`dst/f${d}/a`]: 'a',
        [`dst/f${c}/b`]: 'b',
      });
      expect(stderr).toContain(`${d}: Duplicate object found in destination - ignoring`);
      expect(stderr).toContain(`f${c}: Duplicate directory found in destination - ignoring`);
    }
  });
});
