import { describe, expect, test } from 'vitest';
import { addVersion, splitVersion, versionOf } from '../../../src/formats/versioned-name.ts';
import { createKnownPlaces } from '../../../src/remotes/s3/versions/known-places.ts';
import type { ObjectVersion } from '../../../src/remotes/s3/versions/listing.ts';
import { everyVersion, stateAt } from '../../../src/remotes/s3/versions/shown.ts';

function version(key: string, stored: number, details: Partial<ObjectVersion> = {}): ObjectVersion {
  const versionId = `${key}-${stored}`;
  const object = { key, versionId, size: 1, etag: '', modified: null };
  return { ...object, stored, isLatest: false, isDeleteMarker: false, ...details };
}

const ids = (shown: ReturnType<ReturnType<typeof stateAt>>) => shown.map((one) => one.version.versionId);

describe('the state at a time', () => {
  const page = [version('a', 30), version('a', 20), version('a', 10), version('b', 25), version('c', 5)];

  test.each([
    [4, []],
    [5, ['c-5']],
    [20, ['a-20', 'c-5']],
    [29, ['a-20', 'b-25', 'c-5']],
    [99, ['a-30', 'b-25', 'c-5']],
  ])('at %i is the newest version of each key until then', (time, expected) => {
    expect(ids(stateAt(time)(page))).toEqual(expected);
  });

  test('is one version of a key, however many pages its versions fill', () => {
    const show = stateAt(25);
    const pages = page.map((one) => ids(show([one])));
    expect(pages).toEqual([[], ['a-20'], [], ['b-25'], ['c-5']]);
  });

  test('is without what was deleted then, on whatever page the mark stands', () => {
    const mark = version('a', 20, { isDeleteMarker: true });
    expect(ids(stateAt(25)([mark, version('a', 10)]))).toEqual([]);
    expect(ids(stateAt(15)([mark, version('a', 10)]))).toEqual(['a-10']);
    const show = stateAt(25);
    expect([...ids(show([mark])), ...ids(show([version('a', 10)]))]).toEqual([]);
  });
});

test('every version is shown but the marks, the older ones with their times before the extension', () => {
  const time = Date.UTC(2026, 10, 1, 10, 10, 10, 7);
  const versions = [version('a.b/c.txt', 9e12, { isLatest: true }), version('a.b/c.txt', time), version('a.b/c', time)];
  const mark = version('a.b/c', 9e12, { isLatest: true, isDeleteMarker: true });
  expect(everyVersion()([...versions, mark]).map(({ key }) => key)).toEqual([
    'a.b/c.txt',
    'a.b/c-v2026-11-01-101010-007.txt',
    'a.b/c-v2026-11-01-101010-007',
  ]);
});

test.each(['a.txt', 'a', 'a.tar.gz', '.profile', 'dir/.profile', 'dir.d/a', 'dir/', ''])(
  'the version in the name of %j comes off again',
  (name) => {
    const text = versionOf(1_000_000_000_123);
    expect(text).toBe('-v2001-09-09-014640-123');
    expect(splitVersion(addVersion(name, text))).toEqual({ name, version: text });
  },
);

test('of the places that listings showed the latest are known', () => {
  const known = createKnownPlaces(2);
  for (const key of ['a', 'b', 'a', 'c']) known.add('bucket', [{ key, version: version(key, 1) }]);
  expect(known.get({ bucket: 'bucket', key: 'b' })).toBeUndefined();
  expect(known.get({ bucket: 'bucket', key: 'a' })).toEqual({
    bucket: 'bucket',
    key: 'a',
    query: { versionId: 'a-1' },
  });
  known.forget({ bucket: 'bucket', key: 'a' });
  expect(known.get({ bucket: 'bucket', key: 'a' })).toBeUndefined();
  expect(known.get({ bucket: 'bucket', key: 'c' })).toBeDefined();
});
