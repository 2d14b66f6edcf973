import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { sortByPath } from '../../src/core/path.ts';
import { type Folder, merge } from '../../src/transfer/merge.ts';
import type { TransferOptions } from '../../src/transfer/session.ts';
import { testSession } from './session.ts';

const composed = '\u00e9';
const decomposed = 'e\u0301';
const root: Folder = { source: '', target: '' };

/** Names that end in a slash are folders. */
function listing(names: readonly string[]): Entry[] {
  const entries = names.map(
    (name): Entry =>
      name.endsWith('/')
        ? { kind: 'folder', path: name.slice(0, -1), modified: null }
        : { kind: 'file', path: name, size: 1, modified: 0n },
  );
  return sortByPath(entries);
}

/** Each pair as [place, source, target], and what was told. */
function merged(
  sources: readonly string[],
  targets: readonly string[],
  options: Partial<TransferOptions> = {},
  folder = root,
) {
  const session = testSession(options);
  const pairs = merge(session, folder, listing(sources), listing(targets));
  return {
    pairs: pairs.map(({ path, source, target }) => [path, source?.path ?? null, target?.path ?? null]),
    told: session.lines,
  };
}

describe('names that differ by normal form', () => {
  it.each([
    [composed, decomposed],
    [decomposed, composed],
  ])('are one, and the target keeps its own: %j', (ours, theirs) => {
    expect(merged([ours, `d${ours}/`], [theirs, `d${theirs}/`]).pairs).toEqual(
      [`d${theirs}`, theirs].sort().map((name) => [name, name.replace(theirs, ours), name]),
    );
  });

  it('are two with --no-unicode-normalization', () => {
    const { pairs, told } = merged([decomposed], [composed], { normalizeNames: false });
    expect(pairs).toEqual([
      [decomposed, decomposed, null],
      [composed, null, composed],
    ]);
    expect(told).toEqual([]);
  });

  it('are two where one is a file and the other a folder', () => {
    expect(merged([decomposed], [`${composed}/`]).pairs).toEqual([
      [decomposed, decomposed, null],
      [composed, null, composed],
    ]);
  });

  it('a letter that is ASCII in its normal form is that letter', () => {
    expect(merged(['\u212a'], ['K']).pairs).toEqual([['K', '\u212a', 'K']]);
  });
});

describe('a file and a folder of one name', () => {
  it.each([
    [
      ['a', 'a/'],
      [],
      [
        ['a', 'a', null],
        ['a', 'a', null],
      ],
    ],
    [
      ['a', 'a/'],
      ['a'],
      [
        ['a', 'a', 'a'],
        ['a', 'a', null],
      ],
    ],
    [
      ['a', 'a/'],
      ['a/'],
      [
        ['a', 'a', null],
        ['a', 'a', 'a'],
      ],
    ],
    [
      ['a/'],
      ['a/', 'a'],
      [
        ['a', null, 'a'],
        ['a', 'a', 'a'],
      ],
    ],
    [
      ['a'],
      ['a/'],
      [
        ['a', 'a', null],
        ['a', null, 'a'],
      ],
    ],
    [
      ['a/'],
      ['a'],
      [
        ['a', null, 'a'],
        ['a', 'a', null],
      ],
    ],
  ])('%j beside %j are paired by their kinds', (sources, targets, expected) => {
    const { pairs, told } = merged(sources, targets);
    expect(pairs).toEqual(expected);
    expect(told).toEqual([]);
  });
});

describe('where one side has both spellings', () => {
  it('the very name is paired first, and the source’s other file is one of its own', () => {
    for (const target of [composed, decomposed]) {
      const { pairs, told } = merged([composed, decomposed], [target]);
      expect(pairs).toEqual([
        [decomposed, decomposed, target === decomposed ? target : null],
        [composed, composed, target === composed ? target : null],
      ]);
      expect(told).toEqual([]);
    }
  });

  it('the target’s other file is left alone, and told of', () => {
    const { pairs, told } = merged([composed], [composed, decomposed, 'a']);
    expect(pairs).toEqual([
      ['a', null, 'a'],
      [composed, composed, composed],
    ]);
    expect(told).toEqual([`NOTICE ${decomposed}: Duplicate object found in destination - ignoring`]);
  });

  it('both are the target’s only, if the source has neither', () => {
    expect(merged(['x'], [composed, decomposed])).toEqual({
      pairs: [
        [decomposed, null, decomposed],
        ['x', 'x', null],
        [composed, null, composed],
      ],
      told: [],
    });
  });
});

describe('--ignore-case-sync', () => {
  it('pairs what differs by case', () => {
    expect(merged(['A', 'b/', 'Same'], ['a', 'B/', 'Same'], { ignoreCase: true }).pairs).toEqual([
      ['B', 'b', 'B'],
      ['Same', 'Same', 'Same'],
      ['a', 'A', 'a'],
    ]);
    expect(merged(['A'], ['a']).pairs).toHaveLength(2);
  });

  it('prefers the name that differs by normal form only', () => {
    const { pairs, told } = merged([decomposed], [composed, composed.toUpperCase()], { ignoreCase: true });
    expect(pairs).toEqual([[composed, decomposed, composed]]);
    expect(told).toHaveLength(1);
  });

  it('lowers each letter by itself, as rclone does', () => {
    expect(merged(['ΑΣ', 'İ'], ['ασ', 'i'], { ignoreCase: true }).pairs).toEqual([
      ['i', 'İ', 'i'],
      ['ασ', 'ΑΣ', 'ασ'],
    ]);
  });

  it('pairs as many as there are', () => {
    expect(merged(['AB', 'ab'], ['Ab', 'aB'], { ignoreCase: true })).toEqual({
      pairs: [
        ['Ab', 'AB', 'Ab'],
        ['aB', 'ab', 'aB'],
      ],
      told: [],
    });
  });
});

it('in a folder that the source spells otherwise everything has its place in the target’s', () => {
  const folder = { source: `d${decomposed}`, target: `d${composed}` };
  const inOurs = ['both', 'fresh', `x${decomposed}`].map((name) => `${folder.source}/${name}`);
  const inTheirs = ['both', 'old', `x${composed}`].map((name) => `${folder.target}/${name}`);
  const [both, old, spelt] = inTheirs;
  expect(merged(inOurs, inTheirs, {}, folder).pairs).toEqual([
    [both, inOurs[0], both],
    [`${folder.target}/fresh`, inOurs[1], null],
    [old, null, old],
    [spelt, inOurs[2], spelt],
  ]);
});
