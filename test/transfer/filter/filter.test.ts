import { describe, expect, it } from 'vitest';
import { parseAge } from '../../../src/core/age.ts';
import { silentReport } from '../../../src/core/report.ts';
import { everything } from '../../../src/transfer/filter/everything.ts';
import { createFilter, type Filter } from '../../../src/transfer/filter/filter.ts';
import type { FilterFlags } from '../../../src/transfer/filter/flags.ts';
import { noFilterFlags } from './no-flags.ts';

const second = 1_000_000_000n;
const now = 1_700_000_000n * second;
const texts: Readonly<Record<string, string>> = { '-': '+ *.txt\n- *\n', list: 'a/b\n' };

function filterOf(flags: Partial<FilterFlags>): Promise<Filter> {
  return createFilter({ ...noFilterFlags, ...flags }, { readText: async (path) => texts[path] ?? '', now });
}

describe('a filter', () => {
  it('without flags takes everything', async () => {
    const filter = await filterOf({});
    expect(filter).toMatchObject({ isInactive: true, needsModified: false, files: null, deleteExcluded: false });
    expect([filter.includesFile('a/b', -1, null), filter.includesFolder('a')]).toEqual([true, true]);
    expect(Object.keys(everything).sort()).toEqual(Object.keys(filter).sort());
  });

  it('tells whether it looks at names only', async () => {
    const named = [await filterOf({ exclude: ['*.bam'] }), await filterOf({ filesFrom: ['list'] })];
    expect(named.map((filter) => filter.looksAtNamesOnly)).toEqual([true, true]);
    const others = [
      { minSize: '1k' },
      { maxSize: '1k' },
      { maxAge: '1d' },
      { minAge: '1d' },
      { excludeIfPresent: ['x'] },
    ];
    for (const flags of others) expect((await filterOf(flags)).looksAtNamesOnly).toBe(false);
  });

  it('reads rules from standard input', async () => {
    const filter = await filterOf({ filterFrom: ['-'] });
    expect([filter.includesFile('a/b.txt', 0, null), filter.includesFile('a/b', 0, null)]).toEqual([true, false]);
  });

  it('prunes folders that hold nothing wanted', async () => {
    const filter = await filterOf({ include: ['/a/b/*.txt'] });
    expect(['a', 'a/b', 'a/c', 'b'].map((folder) => filter.includesFolder(folder))).toEqual([true, true, false, false]);
  });

  it('names the files of a list, so that they can be looked up', async () => {
    const filter = await filterOf({ filesFrom: ['list'] });
    expect(filter.files).toEqual(new Set(['a/b']));
    expect(filter.isInactive).toBe(false);
    expect([filter.includesFolder('a'), filter.includesFolder('b')]).toEqual([true, false]);
  });

  it('takes an empty list for no file at all', async () => {
    const filter = await filterOf({ filesFrom: ['empty'] });
    expect(filter.includesFile('a', 1, null)).toBe(false);
  });

  it('counts a file of unknown time as new', async () => {
    const [young, old] = [await filterOf({ maxAge: '1d' }), await filterOf({ minAge: '1d' })];
    expect(young.needsModified).toBe(true);
    expect([young.includesFile('a', 1, null), old.includesFile('a', 1, null)]).toEqual([true, false]);
  });

  it('keeps a file whose age is exactly the limit', async () => {
    const filter = await filterOf({ minAge: '1h', maxAge: '1h' });
    expect([now - 3600n * second, now - 3599n * second].map((time) => filter.includesFile('a', 1, time))).toEqual([
      true,
      false,
    ]);
  });

  it('refuses what leaves no file, and what does not go together', async () => {
    await expect(filterOf({ minAge: '2d', maxAge: '1d' })).rejects.toThrow('--min-age cannot be larger');
    await expect(filterOf({ filesFrom: ['list'], exclude: ['x'] })).rejects.toThrow('exclude all other');
    await expect(filterOf({ filter: ['*.txt'] })).rejects.toThrow('malformed rule "*.txt"');
  });

  it('says that the order of includes and excludes is fixed', async () => {
    const notices: string[] = [];
    const report = { ...silentReport, notice: (_: string, message: string) => notices.push(message) };
    const flags = { ...noFilterFlags, include: ['a'], exclude: ['b'] };
    await createFilter(flags, { readText: async () => '', now, report });
    expect(notices).toEqual([expect.stringContaining('--filter')]);
  });
});

describe('an age', () => {
  it.each([
    ['off', null],
    ['90', now - 90n * second],
    ['1h30m', now - 5400n * second],
    ['1.5d', now - 129_600n * second],
    ['-1h', now + 3600n * second],
    ['2023-01-02T03:04:05Z', 1_672_628_645n * second],
    ['2023-01-02T03:04:05.5+02:00', 1_672_621_445_500_000_000n],
    ['2023-01-02T03:04:05', BigInt(new Date(2023, 0, 2, 3, 4, 5).getTime()) * 1_000_000n],
    ['2023-01-02 03:04:05', BigInt(new Date(2023, 0, 2, 3, 4, 5).getTime()) * 1_000_000n],
    ['2023-01-02 3:04:05', BigInt(new Date(2023, 0, 2, 3, 4, 5).getTime()) * 1_000_000n],
    ['1600-01-01T00:00:00Z', -11_676_096_000n * second],
    ['500y', now - 500n * 365n * 86_400n * second],
    ['2023-01-02', BigInt(new Date(2023, 0, 2).getTime()) * 1_000_000n],
  ])('%s means a moment', (text, moment) => {
    expect(parseAge(text, now)).toBe(moment);
  });

  it.each(['', 'soon', '1x', '2023-02-30', '2023-01-02T25:00:00', '2023-01-02 03:04:05Z', '2023-1-2'])(
    '%j is refused',
    (text) => {
      expect(() => parseAge(text, now)).toThrow(/bad (age|date) /);
    },
  );
});
