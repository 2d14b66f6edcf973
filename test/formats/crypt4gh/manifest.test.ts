import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBytes } from '../../../src/formats/crypt4gh/file.ts';
import { formatManifest, parseManifest } from '../../../src/formats/crypt4gh/manifest.ts';
import { vectorKey } from './vectors.ts';

const sha256 = 'a'.repeat(64);
const created = '2026-11-22T05:00:00.000Z';
const encode = (text: string) => new TextEncoder().encode(text);
const withFiles = (files: unknown) => encode(JSON.stringify({ coffer_manifest: 1, created, files }));

test('a manifest is read as it was written, whatever the names are', () => {
  const names = ['a/b.txt', 'ä "\\\n', 'not UTF-8 \udcff', '__proto__', '../x'];
  const files = names.map((name, size) => ({ name, size, sha256 }));
  expect(parseManifest(formatManifest({ created, files }), 'm')).toEqual({ created, files });
  expect(parseManifest(formatManifest({ created, files: [] }), 'm')).toEqual({ created, files: [] });
});

test('what a later version may add is left alone', () => {
  const files = [{ name: 'a', size: 1, sha256, mode: 'new' }];
  expect(parseManifest(withFiles(files), 'm').files).toMatchObject([{ name: 'a', size: 1, sha256 }]);
});

test.for([
  ['no JSON', encode('names'), 'm: this is not a manifest'],
  ['no UTF-8', Uint8Array.of(0xff, 0xfe), 'm: this is not a manifest'],
  ['no object', encode('null'), 'm: this is not a manifest'],
  ['a list', encode('[]'), 'm: this is not a manifest'],
  ['of another version', encode('{"coffer_manifest":2}'), 'm: version 2 of the manifest is not known'],
  ['without files', withFiles(undefined), 'missing or wrong'],
  ['with a file that is no object', withFiles([null]), 'missing or wrong'],
  ['with a name that is none', withFiles([{ name: 1, size: 1, sha256 }]), 'missing or wrong'],
  ['with a size below zero', withFiles([{ name: 'a', size: -1, sha256 }]), 'missing or wrong'],
  ['with half a byte', withFiles([{ name: 'a', size: 0.5, sha256 }]), 'missing or wrong'],
  ['with a digest that is too short', withFiles([{ name: 'a', size: 1, sha256: 'aa' }]), 'missing or wrong'],
  ['with a name twice', withFiles([1, 2].map((size) => ({ name: 'a', size, sha256 }))), 'two files of one name'],
] as const)('a document %s is refused', ([, bytes, message]) => {
  expect(() => parseManifest(bytes, 'm')).toThrow(message);
});

test('the kept sample opens, for its reader and by its writer', async () => {
  const sealed = readFileSync(join(import.meta.dirname, '../../vectors/coffer-manifest/manifest.c4gh'));
  const [reader, writer] = [await vectorKey('plain', ''), await vectorKey('bob', 'bob')];
  const { files } = parseManifest(openBytes(sealed, reader, 'm', writer.public).plain, 'm');
  const entry = (name: string, text: string) => ({
    name,
    size: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  expect(files.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    entry('a.txt', 'alpha\n'),
    entry('sub/b.txt', 'beta\n'),
  ]);
  expect(() => openBytes(sealed, reader, 'm', reader.public)).toThrow('not sealed to your key');
});
