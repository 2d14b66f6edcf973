import { describe, expect, test } from 'vitest';
import { type Bench, failureOf } from './bench.ts';

const hostileNames = [
  'with space',
  ' leading',
  'trailing ',
  '.hidden',
  'trailing.',
  '...',
  'a..b',
  '~',
  '%',
  '%2F',
  '%41',
  'a+b',
  'a#b',
  'a?b=c&d',
  '&amp;',
  '<tag>',
  "it's",
  '"quoted"',
  '`',
  '$HOME',
  'back\\slash',
  'semi;colon',
  'a:b',
  'a|b*c',
  '[x]{y}',
  '-rf',
  '@',
  '!',
  '100%',
  'é (composed) \u00e9',
  'é (decomposed) e\u0301',
  'κόσμε',
  '日本語',
  'עברית',
  '😀 emoji 👩‍🔬',
  // Paths are in rclone's standard form: there a quote mark stands twice.
  '‛‛ quote',
  '／ full width',
  'a\u00a0b',
  'file.bin',
  'file-v2001-02-03-040506-123.txt',
];

/** Names that other tools trip over stay what they are. */
export function nameSuite(bench: () => Bench, refused: readonly string[]): void {
  const accepted = hostileNames.filter((name) => !refused.includes(name));

  describe('names', () => {
    test('hostile names are kept as they are, as files', async () => {
      const { remote, folder, put, text, names } = bench();
      const dir = folder();
      for (const name of accepted) await put(`${dir}/${name}`, name);
      expect(await names(dir)).toEqual([...accepted].sort());
      for (const name of accepted) {
        expect(await text(`${dir}/${name}`)).toBe(name);
        expect((await remote.stat(`${dir}/${name}`)).path).toBe(`${dir}/${name}`);
      }
      for (const name of accepted) await remote.remove(`${dir}/${name}`);
      expect(await names(dir)).toEqual([]);
    });

    test('hostile names are kept as they are, as folders', async () => {
      const { folder, put, text, names } = bench();
      const dir = folder();
      for (const name of accepted) await put(`${dir}/${name}/${name}`, name);
      expect(await names(dir)).toEqual(accepted.map((name) => `${name}/`).sort());
      for (const name of accepted) {
        expect(await names(`${dir}/${name}`)).toEqual([name]);
        expect(await text(`${dir}/${name}/${name}`)).toBe(name);
      }
    });

    test('composed and decomposed letters are two names', async () => {
      const { folder, put, text } = bench();
      const dir = folder();
      await put(`${dir}/\u00e9`, 'composed');
      await put(`${dir}/e\u0301`, 'decomposed');
      expect(await text(`${dir}/\u00e9`)).toBe('composed');
      expect(await text(`${dir}/e\u0301`)).toBe('decomposed');
    });

    test('upper and lower case are two names', async () => {
      const { folder, put, text } = bench();
      const dir = folder();
      await put(`${dir}/File`, 'upper');
      await put(`${dir}/file`, 'lower');
      expect(await text(`${dir}/File`)).toBe('upper');
      expect(await text(`${dir}/file`)).toBe('lower');
    });

    test('a name of 140 bytes is kept', async () => {
      const { folder, put, text, names } = bench();
      const dir = folder();
      const long = `${'x'.repeat(136)}.txt`;
      await put(`${dir}/${long}`, 'long');
      expect(await names(dir)).toEqual([long]);
      expect(await text(`${dir}/${long}`)).toBe('long');
    });

    test('a name that the store cannot hold fails and leaves nothing', async () => {
      const { remote, folder, put, text, names } = bench();
      const dir = folder();
      await put(`${dir}/good`, 'good');
      for (const name of refused) await failureOf(put(`${dir}/${name}`, 'x'));
      expect(await names(dir)).toEqual(['good']);
      const endless = 'n'.repeat(4000);
      const isHeld = await put(`${dir}/${endless}`, 'x').then(
        () => true,
        (error: { kind?: string }) => error.kind,
      );
      if (isHeld === true) expect(await text(`${dir}/${endless}`)).toBe('x');
      else expect(isHeld).toBe('too-large');
      await remote.checkPath?.(`${dir}/good`);
      if (remote.checkPath && isHeld !== true) {
        expect(await failureOf(remote.checkPath(`${dir}/${endless}`))).toBe('too-large');
      }
      expect(await names(dir)).toEqual(isHeld === true ? ['good', endless] : ['good']);
    });

    test('a folder so deep that the store could not list it is not made', async () => {
      const { remote, folder, put, names } = bench();
      const dir = folder();
      await put(`${dir}/good`, 'good');
      const deep = `${dir}/${Array(12).fill('d'.repeat(100)).join('/')}`;
      const isMade = await remote.makeDir(deep).then(
        () => true,
        (error: { kind?: string }) => error.kind,
      );
      if (remote.features.emptyFolders && isMade === true) expect(await names(deep)).toEqual([]);
      else if (remote.checkPath) expect(isMade).toBe('too-large');
    });
  });
}
