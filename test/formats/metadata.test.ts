import { describe, expect, test } from 'vitest';
import { attributesToMetadata, metadataToAttributes } from '../../src/formats/metadata.ts';

const metadata = new Map([
  ['origin', 'sequencer 7'],
  ['raw', '\udcff\0'],
  ['mode', '104750'],
  ['uid', '1000'],
  ['gid', '4294967294'],
]);

function refused(given: Readonly<Record<string, string>>) {
  const invalid: string[] = [];
  const attributes = metadataToAttributes(new Map(Object.entries(given)), (key) => invalid.push(key));
  return { invalid, attributes };
}

describe("attributes as rclone's metadata", () => {
  test('mode, owner and extended attributes there and back', () => {
    const attributes = metadataToAttributes(metadata, () => {});
    expect(attributes).toMatchObject({ mode: 0o4750, uid: 1000, gid: 4_294_967_294 });
    expect([...attributes.extended.keys()]).toEqual(['user.origin', 'user.raw']);
    expect(attributes.extended.get('user.raw')).toEqual(Uint8Array.of(0xff, 0));
    expect(attributesToMetadata(attributes)).toEqual(metadata);
  });

  test('keys are in lower case, and what only the system may set is left out', () => {
    const value = Buffer.from('x');
    const extended = new Map([
      ['user.Origin', value],
      ['user.mode', value],
      ['security.capability', value],
    ]);
    expect(attributesToMetadata({ extended })).toEqual(new Map([['origin', 'x']]));
  });

  test('times and devices are no extended attributes', () => {
    const { attributes } = refused({ atime: 'a', mtime: 'b', btime: 'c', rdev: '1', 'content-type': 'text/plain' });
    expect([...attributes.extended.keys()]).toEqual(['user.content-type']);
  });

  test.each([
    [{ mode: '9' }, ['mode']],
    [{ mode: '-1' }, ['mode']],
    [{ mode: 'rwx' }, ['mode']],
    [{ uid: 'root', gid: '1.5' }, ['uid', 'gid']],
    // The last value stands for no user.
    [{ uid: '4294967295' }, ['uid']],
  ])('%j is told and left out', (given, keys) => {
    expect(refused(given)).toEqual({ invalid: keys, attributes: { extended: new Map() } });
  });

  test('the mode of a symlink or a folder is none of a file', () => {
    expect(refused({ mode: '120777' })).toEqual({ invalid: [], attributes: { extended: new Map() } });
    expect(refused({ mode: '40755' }).attributes.mode).toBeUndefined();
    expect(refused({ mode: '600' }).attributes.mode).toBe(0o600);
  });
});
