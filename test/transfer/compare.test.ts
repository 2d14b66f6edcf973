import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../../src/core/entry.ts';
import type { Location, Remote } from '../../src/core/remote.ts';
import { areAlike, commonHash, compareFiles, type Match } from '../../src/transfer/compare.ts';
import type { TransferOptions } from '../../src/transfer/session.ts';
import { bucketOf, changed, testSession } from './session.ts';

const second = 1_000_000_000n;

interface Side {
  readonly content: string;
  readonly time: bigint;
  readonly changes?: (base: Remote) => Partial<Remote>;
}

async function sideOf({ content, time, changes }: Side): Promise<{ at: Location; file: FileEntry }> {
  const bucket = await bucketOf({ f: content }, time);
  const at = changes ? changed(bucket, changes) : bucket;
  return { at, file: { ...(await at.remote.stat('bucket/f')), path: 'f' } };
}

async function matchOf(source: Side, target: Side): Promise<Match> {
  const [from, to] = [await sideOf(source), await sideOf(target)];
  return { from: from.at, source: from.file, to: to.at, target: to.file };
}

async function compare(source: Side, target: Side, options: Partial<TransferOptions> = {}) {
  return compareFiles(testSession(options), await matchOf(source, target));
}

const hello: Side = { content: 'hello', time: second };
const later = { ...hello, time: 5n * second };
const other = { content: 'world', time: second };
const longer = { content: 'hello, world', time: second };

const noHash = (base: Remote): Partial<Remote> => ({ features: { ...base.features, hashes: [] } });
const coarse = (base: Remote): Partial<Remote> => ({ features: { ...base.features, modifiedPrecision: second } });
const timeless = (base: Remote): Partial<Remote> => ({ features: { ...base.features, modifiedPrecision: null } });

describe('a file that stands on both sides', () => {
  it.each<[string, Side, Side, Partial<TransferOptions>, string]>([
    ['of one size and time is kept', hello, hello, {}, 'keep'],
    ['of one size and time is kept unread', hello, other, {}, 'keep'],
    ['of another size is transferred', hello, longer, {}, 'transfer'],
    ['of another time but one hash gets the time only', later, hello, {}, 'set-time'],
    ['of another time and hash is transferred', later, other, {}, 'transfer'],
    ['of another time, no hash in common, is transferred', later, { ...hello, changes: noHash }, {}, 'transfer'],
    [
      'within the coarser precision is kept',
      { ...hello, time: second + 1n },
      { ...other, changes: coarse },
      {},
      'keep',
    ],
    ['on a store without times is kept by its size', later, { ...other, changes: timeless }, {}, 'keep'],
    ['--modify-window widens what counts as one time', later, other, { modifyWindow: 10n * second }, 'keep'],
    ['--no-update-modtime leaves the time', later, hello, { noUpdateModified: true }, 'keep'],
    ['--size-only looks at nothing else', later, other, { sizeOnly: true }, 'keep'],
    ['--size-only sees sizes', hello, longer, { sizeOnly: true }, 'transfer'],
    ['--checksum sees what the time hides', hello, other, { checksum: true }, 'transfer'],
    ['--checksum ignores times', later, hello, { checksum: true }, 'keep'],
    ['--checksum without a hash looks at sizes', later, { ...other, changes: noHash }, { checksum: true }, 'keep'],
    ['--ignore-existing keeps anything', later, longer, { ignoreExisting: true }, 'keep'],
    ['--ignore-times transfers anything', hello, hello, { ignoreTimes: true }, 'transfer'],
    ['--ignore-times comes before --update', hello, later, { ignoreTimes: true, update: true }, 'transfer'],
    ['--ignore-size does not look at sizes', hello, longer, { ignoreSize: true }, 'keep'],
    ['--update keeps a newer target', hello, { ...longer, time: 5n * second }, { update: true }, 'keep'],
    ['--update transfers over an older target', later, other, { update: true }, 'transfer'],
    ['--update gives an older target of one hash the time', later, hello, { update: true }, 'set-time'],
    ['--update transfers where no hash tells', later, { ...hello, changes: noHash }, { update: true }, 'transfer'],
    ['--update --size-only keeps an older target', later, other, { update: true, sizeOnly: true }, 'keep'],
    ['--update --checksum at one time goes by hash', hello, other, { update: true, checksum: true }, 'transfer'],
    [
      '--update keeps what a store without times got later',
      hello,
      { ...longer, time: 5n * second, changes: timeless },
      { update: true },
      'keep',
    ],
    ['--update at one time goes by size', hello, longer, { update: true }, 'transfer'],
  ])('%s', async (_, source, target, options, act) => {
    expect((await compare(source, target, options)).act).toBe(act);
  });

  it('gets the time of the source, to the nanosecond', async () => {
    const verdict = await compare({ ...hello, time: 123_456_789_012_345_678n }, hello);
    expect(verdict).toMatchObject({ act: 'set-time', modified: 123_456_789_012_345_678n });
  });
});

const unlisted = (base: Remote): Partial<Remote> => ({ features: { ...base.features, listsModified: false } });

it.each([{}, { update: true }])('a store that is asked for the time tells the hash with it (%o)', async (options) => {
  const changes = (base: Remote): Partial<Remote> => ({
    ...unlisted(base),
    stat: async (path) => ({ ...(await base.stat(path)), hashes: { md5: '5d41402abc4b2a76b9719d911017c592' } }),
    hash: () => Promise.reject(new Error('the store was asked again')),
  });
  const match = await matchOf(later, { ...hello, changes });
  const target: FileEntry = { kind: 'file', path: 'f', size: match.target.size, modified: null };
  expect(await compareFiles(testSession(options), { ...match, target })).toMatchObject({ act: 'set-time' });
});

describe('two listings', () => {
  const unasked = (base: Remote): Partial<Remote> => ({
    features: {
      ...base.features,
      get modifiedPrecision(): bigint {
        throw new Error('the precision of the times was asked for');
      },
    },
  });

  it.each<[string, Side, Side, Partial<TransferOptions>, boolean]>([
    ['of one size and time', hello, hello, {}, true],
    ['of one size and time, whatever the precision', hello, { ...other, changes: unasked }, {}, true],
    ['of another time', later, hello, {}, false],
    ['of another time within --modify-window', later, hello, { modifyWindow: 10n * second }, false],
    ['of another size', hello, longer, {}, false],
    ['of another size with --ignore-size', hello, longer, { ignoreSize: true }, false],
    ['without times', hello, { ...hello, changes: unlisted }, {}, false],
    ['with --checksum', hello, hello, { checksum: true }, false],
    ['with --ignore-times', hello, hello, { ignoreTimes: true }, false],
    ['with --update', hello, hello, { update: true }, false],
    ['with --size-only', hello, hello, { sizeOnly: true }, false],
  ])('%s may tell by themselves that nothing is to be done', async (_, source, target, options, expected) => {
    expect(areAlike(testSession(options), await matchOf(source, target))).toBe(expected);
  });
});

it('the hash that is compared is one that both sides keep', async () => {
  const at = await bucketOf({});
  expect(commonHash(at, at)).toBe('md5');
  const only = changed(at, ({ features }) => ({ features: { ...features, hashes: ['sha1', 'sha256'] } }));
  expect(commonHash(at, only)).toBe('sha1');
  expect(commonHash(changed(at, noHash), at)).toBeNull();
});
