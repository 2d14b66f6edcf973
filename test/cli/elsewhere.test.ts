import { describe, expect, it } from 'vitest';
import { createBench, messages } from './run.ts';
import { type Places, runIn, sideBySide } from './side-by-side.ts';

const bench = createBench('elsewhere');
const newer = new Date('2024-03-01T00:00:00Z');

const places = {
  src: [
    { same: 'same', 'd/in one': 'in one', 'd/in two': 'in two', changed: 'new', fresh: 'fresh', other: 'abc' },
    newer,
  ],
  dst: [{ same: 'same', changed: 'old', left: 'left' }],
  one: [{ 'd/in one': 'in one', changed: 'new', other: 'longer' }, newer],
  two: [{ 'd/in two': 'in two', 'd/in one': 'in 1.0', other: 'abc' }, newer],
} satisfies Places;

describe('--compare-dest is rclone’s', () => {
  it.each([
    ['sync src dst --compare-dest one', 0],
    ['sync src dst --compare-dest one --compare-dest two', 0],
    ['sync src dst --compare-dest two --compare-dest one --checksum', 0],
    ['sync src dst --compare-dest one --size-only', 0],
    ['sync src dst --compare-dest one -n', 0],
    ['sync src dst --compare-dest nowhere', 0],
    ['sync src dst --compare-dest dst', 0],
    ['sync src dst --compare-dest src', 0],
    ['sync src dst --compare-dest one --backup-dir bak', 0],
    ['sync src dst --compare-dest one --suffix .old', 0],
    ['sync src dst --compare-dest one --delete-before', 0],
    ['sync src dst --compare-dest one --no-traverse', 0],
    ['copy src dst --compare-dest one --no-check-dest', 0],
    ['copy src dst --compare-dest one --compare-dest two --no-traverse', 0],
    ['copy src dst --compare-dest one --ignore-existing', 0],
    ['copy src dst --compare-dest one --update', 0],
    ['copy src dst --compare-dest one --ignore-times', 0],
    ['copy src/changed dst --compare-dest one', 0],
    ['copyto src/other dst/other --compare-dest two', 0],
    ['copyto src dst --compare-dest one', 0],
    ['sync src secret:fresh --compare-dest secret:dst', 0],
    ['sync src secret:dst --compare-dest one', 0],
    ['sync src dst --compare-dest one/changed', 7],
    ['sync src dst --compare-dest void:one', 7],
    ['sync src dst --compare-dest one --copy-dest two', 1],
  ])('%s', async (line, expected) => {
    const { code } = await sideBySide(bench, line, places);
    expect(code).toBe(expected);
  });

  it('RCLONE_COMPARE_DEST is the flag', async () => {
    const { tree } = await sideBySide(bench, 'sync src dst', places, { RCLONE_COMPARE_DEST: 'one' });
    expect(tree).toMatchObject({ 'dst/changed': 'old', 'dst/d/in two': 'in two' });
  });

  it('says at -vv what it leaves out, as rclone does', async () => {
    const { stderr, theirs } = await sideBySide(bench, 'sync src dst --compare-dest one -vv', places);
    const told = (log: string): string[] =>
      messages(log)
        .filter((text) => text.includes('found in --compare-dest'))
        .sort();
    expect(told(stderr)).toEqual(told(theirs));
    expect(told(stderr)).toHaveLength(2);
  });
});

describe('--copy-dest', () => {
  const copied = {
    'dst/d/in one': 'in one',
    'dst/d/in two': 'in two',
    'dst/changed': 'new',
    'dst/other': 'abc',
    'dst/fresh': 'fresh',
  };

  // rclone’s folders cannot be copied from.
  it.each([
    'sync src dst --copy-dest one --copy-dest two',
    'sync src dst --copy-dest one --backup-dir bak',
    'copy src dst --copy-dest one --no-traverse',
    'copy src dst --copy-dest src',
    'copy src dst --copy-dest dst --ignore-times',
    'move src dst --copy-dest one --copy-dest two',
  ])('%s of folders brings what is there', async (line) => {
    const { code, tree, times } = await runIn(bench, 'coffer', line, places);
    expect(code).toBe(0);
    expect(tree).toMatchObject(copied);
    expect(times['dst/changed']).toBe(newer.getTime());
    expect('src/fresh' in tree).toBe(!line.startsWith('move'));
  });

  it.each([
    ['sync src secret:dst --copy-dest one', 'parameter to --copy-dest has to be on the same remote as destination'],
    ['sync src dst --copy-dest secret:one', 'parameter to --copy-dest has to be on the same remote as destination'],
    ['sync src dst --copy-dest one/changed', 'failed to make fs for --copy-dest'],
  ])('%s changes nothing', async (line, message) => {
    const { code, stderr, theirs, tree } = await sideBySide(bench, line, places);
    expect(code).toBe(7);
    expect(stderr).toContain(message);
    expect(theirs).toContain(message);
    expect(tree).toMatchObject({ 'dst/changed': 'old', 'dst/left': 'left' });
  });
});

it.each(['--compare-dest', '--copy-dest'])(
  'a move with %s loses nothing where the source is such a folder',
  async (flag) => {
    const { code, tree } = await runIn(bench, 'coffer', `move src dst ${flag} src`, places);
    expect(code).toBe(0);
    expect(tree).toMatchObject(
      flag === '--copy-dest'
        ? { 'dst/changed': 'new', 'dst/fresh': 'fresh' }
        : { 'src/changed': 'new', 'src/fresh': 'fresh' },
    );
  },
);

it('a folder of that name is no such file', async () => {
  const line = 'sync src dst --compare-dest three';
  const { code, tree } = await runIn(bench, 'coffer', line, { ...places, three: [{ 'fresh/file': '' }] });
  expect(code).toBe(0);
  expect(tree['dst/fresh']).toBe('fresh');
});
