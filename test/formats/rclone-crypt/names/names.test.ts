import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameEncodings } from '../../../../src/formats/rclone-crypt/names/encoding.ts';
import { createNames, type NameOptions, type Names } from '../../../../src/formats/rclone-crypt/names/names.ts';
import { segmentVectors } from './segment-vectors.ts';

const zeroKeys = { dataKey: new Uint8Array(32), nameKey: new Uint8Array(32), nameTweak: new Uint8Array(16) };
const otherKeys = { ...zeroKeys, nameKey: new Uint8Array(32).fill(7) };
const defaults: NameOptions = { mode: 'standard', encoding: 'base32', encryptsFolders: true, suffix: '.bin' };
const names = (options: Partial<NameOptions> = {}): Names => createNames(zeroKeys, { ...defaults, ...options });
const encodings = ['base32', 'base64', 'base32768'] as const;
const version = '-v2001-02-03-040506-123';

describe.for(encodings)('standard names in %s', (encoding) => {
  test('are those that rclone writes', () => {
    const { sealFile, openFile } = names({ encoding });
    for (const vector of segmentVectors) {
      expect(sealFile(vector.name)).toBe(vector[encoding]);
      expect(openFile(vector[encoding])).toBe(vector.name);
    }
  });

  test('are sealed segment by segment, folders as they are where that is set', () => {
    const [one = '', two = '', three = ''] = segmentVectors.map((vector) => vector[encoding]);
    expect(names({ encoding }).sealFile('1/12/123')).toBe(`${one}/${two}/${three}`);
    expect(names({ encoding }).openFile(`${one}/${two}/${three}`)).toBe('1/12/123');
    expect(names({ encoding }).sealFolder('1/12')).toBe(`${one}/${two}`);
    expect(names({ encoding }).openFolder(`${one}/${two}`)).toBe('1/12');
    const plainFolders = names({ encoding, encryptsFolders: false });
    expect(plainFolders.sealFile('1/12/123')).toBe(`1/12/${three}`);
    expect(plainFolders.openFile(`1/12/${three}`)).toBe('1/12/123');
    expect(plainFolders.sealFolder('1/12')).toBe('1/12');
    expect(plainFolders.openFolder('1/12')).toBe('1/12');
  });

  test('keep the version of a file readable, never that of a folder', () => {
    const [one = '', two = ''] = segmentVectors.map((vector) => vector[encoding]);
    const { sealFile, sealFolder, openFile } = names({ encoding });
    expect(sealFile(`1${version}`)).toBe(`${one}${version}`);
    expect(sealFile(`1/12${version}`)).toBe(`${one}/${two}${version}`);
    expect(openFile(`${one}/${two}${version}`)).toBe(`1/12${version}`);
    expect(sealFile(`1${version}/12`)).toBe(`${sealFolder(`1${version}`)}/${two}`);
    expect(sealFolder(`1${version}`)).not.toContain(version);
  });

  test('do not open when they are cut, too long, padded wrongly or of another key', () => {
    const { openFile } = names({ encoding });
    const spell = (text: string) => nameEncodings[encoding].encode(Buffer.from(text));
    expect(openFile(spell('a'))).toBeNull();
    expect(openFile(spell('123456789abcdef'))).toBeNull();
    expect(openFile(spell('123456789abcdef0'))).toBeNull();
    expect(openFile(spell('a'.repeat(2064)))).toBeNull();
    for (const vector of segmentVectors) expect(openFile(`${spell('1')}${vector[encoding]}`)).toBeNull();
    expect(createNames(otherKeys, { ...defaults, encoding }).openFile(segmentVectors[0]?.[encoding] ?? '')).toBeNull();
    expect(openFile('')).toBeNull();
  });

  test('up to 2,047 bytes are sealed, a longer one is refused', () => {
    const { sealFile, openFile } = names({ encoding });
    const longest = `${'é'.repeat(1023)}x`;
    expect(openFile(sealFile(longest))).toBe(longest);
    expect(() => sealFile(`${longest}x`)).toThrow(expect.objectContaining({ kind: 'too-large' }));
  });
});

test('a 255-character limit holds names of 143, 175 and 463 bytes', () => {
  for (const [encoding, length] of [
    ['base32', 143],
    ['base64', 175],
    ['base32768', 463],
  ] as const) {
    expect(names({ encoding }).sealFile('x'.repeat(length)).length).toBeLessThanOrEqual(255);
    expect(names({ encoding }).sealFile('x'.repeat(length + 1)).length).toBeGreaterThan(255);
  }
});

test('a file that was met in capitals is sealed to the name that it has, and no other is', () => {
  const { sealFile, openFile } = names();
  const lower = sealFile('12/123');
  const [folder = '', file = ''] = lower.split('/');
  expect(openFile(`${folder}/${file.toUpperCase()}`)).toBe('12/123');
  expect(sealFile('12/123')).toBe(`${folder}/${file.toUpperCase()}`);
  expect(sealFile('123')).toBe(file);
  expect(openFile(lower)).toBe('12/123');
  expect(sealFile('12/123')).toBe(lower);
});

test('the first 10,000 files that are met are known from then on, those after them are sealed', () => {
  const { sealFile, openFile } = names();
  const known = sealFile('first').toUpperCase();
  openFile(known);
  for (let i = 1; i < 10_000; i++) openFile(sealFile(`${i}`));
  const late = sealFile('late');
  openFile(late.toUpperCase());
  expect(sealFile('late')).toBe(late);
  expect(sealFile('first')).toBe(known);
  openFile(known.toLowerCase());
  expect(sealFile('first')).toBe(known.toLowerCase());
});

// TestNonStandardEncryptFileName and TestNonStandardDecryptFileName.
test('obfuscated names are those that rclone writes', () => {
  const both = [
    ['1/12/123/!hello', '49.6/99.23/150.890/53.!!lipps'],
    [`1/12/123/!hello${version}`, `49.6/99.23/150.890/53${version}.!!lipps`],
    [`1/12/123/hello${version}.txt`, `49.6/99.23/150.890/162.uryyB${version}.GKG`],
    ['\u00a1', '161.\u00e4'],
    ['\u03a0', '160.\u03c2'],
  ] as const;
  const obfuscated = names({ mode: 'obfuscate' });
  for (const [plain, sealed] of both) {
    expect(obfuscated.sealFile(plain)).toBe(sealed);
    expect(obfuscated.openFile(sealed)).toBe(plain);
  }
  const plainFolders = names({ mode: 'obfuscate', encryptsFolders: false });
  expect(plainFolders.sealFile('1/12/123/!hello')).toBe('1/12/123/53.!!lipps');
  expect(plainFolders.openFile(`1/12/123/53${version}.!!lipps`)).toBe(`1/12/123/!hello${version}`);
  expect(obfuscated.openFile('!.hello')).toBe('hello');
  expect(obfuscated.sealFile('no \udcff text')).toBe('!.no \udcff text');
});

test('a name that only looks obfuscated does not open', () => {
  const { openFile } = names({ mode: 'obfuscate' });
  for (const foreign of ['hello', 'hello.txt', '7.txt', '54.!!lipps', '-3.x', '+5.x', '.x', '1e2.x']) {
    expect(openFile(foreign), foreign).toBeNull();
  }
});

test('with names off, files get the suffix and folders stay', () => {
  const { sealFile, sealFolder, openFile, openFolder } = names({ mode: 'off' });
  expect(sealFile('1/12/123')).toBe('1/12/123.bin');
  expect(sealFolder('1/12')).toBe('1/12');
  expect(openFolder('1/12.bin')).toBe('1/12.bin');
  expect(openFile('1/12/123.bin')).toBe('1/12/123');
  for (const name of [`123${version}`, `123${version}.txt`, version])
    expect(openFile(`1/${name}.bin`)).toBe(`1/${name}`);
  for (const foreign of ['1/12/123.bix', '.bin', '1/.bin']) expect(openFile(foreign)).toBeNull();
});

test('another suffix, or none, takes the place of .bin', () => {
  expect(names({ mode: 'off', suffix: '.jpg' }).sealFile('a/b')).toBe('a/b.jpg');
  expect(names({ mode: 'off', suffix: '.jpg' }).openFile('a/b.bin')).toBeNull();
  expect(names({ mode: 'off', suffix: '' }).sealFile('a/b')).toBe('a/b');
  expect(names({ mode: 'off', suffix: '' }).openFile('a/b')).toBe('a/b');
});

test('names that would leave their folder do not open', () => {
  const { sealFile, openFile, openFolder, sealFolder } = names();
  // What an attacker with the key could put there: sealFile itself never sees such a segment.
  const hostile = ['..', '.', 'a\0b'].map((name) => sealFile(name));
  for (const sealed of hostile) {
    expect(openFile(sealed)).toBeNull();
    expect(openFolder(sealed)).toBeNull();
    expect(openFile(`${sealed}/${sealFile('x')}`)).toBeNull();
    expect(openFile(`${sealFolder('x')}/${sealed}`)).toBeNull();
  }
  expect(names({ mode: 'off' }).openFile('...bin')).toBeNull();
  expect(names({ mode: 'obfuscate' }).openFile('46..')).toBeNull();
  expect(names({ mode: 'obfuscate' }).openFile('!.a/..')).toBeNull();
});

const hostileSegment = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .map((text) => text.replaceAll(/[/\0]|\p{Cs}/gu, '_'))
  .filter((text) => text !== '.' && text !== '..' && text !== '');

describe.for([
  ...encodings.map((encoding) => ({ mode: 'standard', encoding }) as const),
  { mode: 'obfuscate', encoding: 'base32' } as const,
  { mode: 'off', encoding: 'base32' } as const,
])('$mode names in $encoding', (options) => {
  test.for([true, false])('open to what was sealed, folders sealed: %s', (encryptsFolders) => {
    const { sealFile, sealFolder, openFile, openFolder } = names({ ...options, encryptsFolders });
    fc.assert(
      fc.property(fc.array(hostileSegment, { minLength: 1, maxLength: 4 }), (segments) => {
        const path = segments.join('/');
        expect(openFile(sealFile(path))).toBe(path);
        expect(openFolder(sealFolder(path))).toBe(path);
      }),
    );
  });

  test('open to any bytes that are no UTF-8, which rclone carries raw', () => {
    const { sealFile, openFile } = names(options);
    expect(openFile(sealFile('caf\udce9 \udcff'))).toBe('caf\udce9 \udcff');
  });
});

test('a file whose name is only a version, with or without an extension, keeps its name', () => {
  for (const mode of ['standard', 'obfuscate'] as const) {
    const { sealFile, openFile } = names({ mode });
    for (const name of [version, `${version}.txt`, `.txt${version}`, `a${version}${version}`, `a.b.c${version}.d`]) {
      expect(openFile(sealFile(name)), name).toBe(name);
    }
  }
});

test('a time that no clock shows is no version', () => {
  const { sealFile } = names();
  for (const odd of ['-v2001-13-03-040506-123', '-v2001-02-29-040506-123', '-v2001-02-03-240506-123']) {
    expect(sealFile(`1${odd}`)).not.toContain(odd);
  }
  expect(sealFile('1-v2000-02-29-235959-999')).toContain('-v2000-02-29-235959-999');
});
