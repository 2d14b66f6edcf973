import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Location } from '../../src/core/remote.ts';
import { byHash, byReading, checkTrees } from '../../src/transfer/check.ts';
import { checkSums } from '../../src/transfer/check-sums.ts';
import { hasher } from '../../src/transfer/digest.ts';
import { sameBytes } from '../../src/transfer/same-bytes.ts';
import type { Session } from '../../src/transfer/session.ts';
import { parseSums } from '../../src/transfer/sum-file.ts';
import { bucketOf, changed, testSession } from './session.ts';

const left = { same: '1', differs: 'abc', 'dir/left': '2' };
const right = { same: '1', differs: 'abd', 'dir/right': '3' };

async function outcomes(
  session: Session,
  from: Location,
  to: Location,
  how: Partial<Parameters<typeof checkTrees>[1]> = {},
) {
  const found: string[] = [];
  await checkTrees(session, {
    ...{ from, to, file: null, oneWay: false, compare: byHash(session, from, to) },
    onOutcome: async (outcome, path) => void found.push(`${outcome} ${path}`),
    ...how,
  });
  return found.sort();
}

describe('a check', () => {
  it('tells what is the same, different and missing', async () => {
    const session = testSession();
    expect(await outcomes(session, await bucketOf(left), await bucketOf(right))).toEqual([
      'differ differs',
      'match same',
      'missing-on-dst dir/left',
      'missing-on-src dir/right',
    ]);
    expect(session.progress.firstError).toMatchObject({ message: '3 differences found' });
    expect(session.lines).toContain('NOTICE memory:bucket: 1 matching files');
  });

  it('one way does not mind what only the target has', async () => {
    const found = await outcomes(testSession(), await bucketOf({ same: '1' }), await bucketOf(right), { oneWay: true });
    expect(found).toEqual(['match same']);
  });

  it('one way does not mind a file where the source has a folder', async () => {
    const [from, to] = [await bucketOf({ 'dir/a': '1' }), await bucketOf({ dir: '2' })];
    expect(await outcomes(testSession(), from, to, { oneWay: true })).toEqual(['missing-on-dst dir/a']);
  });

  it('by size alone sees no difference in bytes', async () => {
    const session = testSession({ sizeOnly: true });
    expect(await outcomes(session, await bucketOf(left), await bucketOf(left))).not.toContain('differ differs');
  });

  it('without a common hash says how many it could not check', async () => {
    const session = testSession();
    const to = changed(await bucketOf(right), ({ features }) => ({ features: { ...features, hashes: [] } }));
    const found = await outcomes(session, await bucketOf(left), to, { oneWay: true });
    expect(found).toContain('match differs');
    expect(session.lines).toContain('NOTICE memory:bucket: 2 hashes could not be checked');
  });

  it('by reading needs no hash', async () => {
    const session = testSession();
    const [from, to] = [await bucketOf(left), await bucketOf(right)];
    expect(await outcomes(session, from, to, { compare: byReading(session, from, to) })).toContain('differ differs');
  });

  it('checks as many files at once as there are checkers, in all folders together', async () => {
    const files = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`dir${index % 8}/${index}`, '1']));
    let running = 0;
    let most = 0;
    const to = changed(await bucketOf(files), (base) => ({
      async hash(path, type, call) {
        most = Math.max(most, ++running);
        await sleep(1);
        running--;
        return (await base.hash?.(path, type, call)) ?? null;
      },
    }));
    expect(await outcomes(testSession({ checkers: 3 }), await bucketOf(files), to)).toHaveLength(64);
    expect(most).toBe(3);
  });

  it('a file that cannot be read is an error, and the rest goes on', async () => {
    const session = testSession();
    const to = changed(await bucketOf(left), (base) => ({
      hash: (path, type, call) =>
        path.endsWith('same')
          ? Promise.reject(new Failure('denied', 'no permission'))
          : (base.hash?.(path, type, call) ?? Promise.resolve(null)),
    }));
    expect(await outcomes(session, await bucketOf(left), to)).toEqual([
      'error same',
      'match differs',
      'match dir/left',
    ]);
    expect(session.progress).toMatchObject({ errors: 1, firstError: { kind: 'denied' } });
  });
});

describe('a check against a list of hashes', () => {
  const list = [
    'e4d909c290d0fb1ca068ffaddf22cbd0  missing',
    'C4CA4238A0B923820DCC509A6F75849B *same',
    '900150983cd24fb0d6963f7d28e17f72  differs',
  ].join('\n');

  async function against(oneWay: boolean): Promise<string[]> {
    const [session, at] = [testSession(), await bucketOf(right)];
    const found: string[] = [];
    const sums = parseSums(Buffer.from(list), 'sums', session.report);
    await checkSums(session, {
      ...{ at, file: null, sums, oneWay, hash: hasher(session, at, 'md5', false) },
      onOutcome: async (outcome, path) => void found.push(`${outcome} ${path}`),
    });
    return found.sort();
  }

  it('tells what is the same, different, missing and not in the list', async () => {
    const both = ['differ differs', 'match same', 'missing-on-dst missing'];
    expect(await against(false)).toEqual([...both, 'missing-on-src dir/right']);
    expect(await against(true)).toEqual(both);
  });
});

describe('sameBytes', () => {
  async function* cut(text: string, length: number): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < text.length; start += length) yield Buffer.from(text.slice(start, start + length));
  }

  it('compares streams however they are cut', async () => {
    for (const [a, b] of [
      [1, 7],
      [3, 5],
      [100, 1],
      [4, 4],
    ] as const) {
      expect(await sameBytes(cut('0123456789', a), cut('0123456789', b))).toBe(true);
      expect(await sameBytes(cut('0123456789', a), cut('012345678', b))).toBe(false);
      expect(await sameBytes(cut('0123456789', a), cut('0123456780', b))).toBe(false);
    }
  });

  it('takes empty pieces for nothing', async () => {
    async function* withEmpty(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a');
      yield Buffer.alloc(0);
      yield Buffer.from('b');
    }
    expect(await sameBytes(withEmpty(), cut('ab', 9))).toBe(true);
    expect(await sameBytes(cut('', 1), cut('', 1))).toBe(true);
  });

  it('closes both streams', async () => {
    let closed = 0;
    async function* watched(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from(String(closed));
      } finally {
        closed++;
      }
    }
    expect(await sameBytes(watched(), cut('x', 1))).toBe(false);
    expect(closed).toBe(1);
  });
});
