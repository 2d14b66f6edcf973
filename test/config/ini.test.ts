import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIni } from '../../src/config/ini.ts';
import { ownValues, sectionsOf, valuesOf } from '../../src/config/sections.ts';
import { Failure } from '../../src/core/failure.ts';
import { nameToBytes } from '../../src/core/name-bytes.ts';
import { mustRun, run } from '../servers/run.ts';
import { marks, rcloneDump, testFolder, writeConfig } from './rclone.ts';

const folder = testFolder('ini');

/** Our reading of a file in the form of `rclone config dump`; null when we refuse it. */
function dump(data: Uint8Array): Record<string, Record<string, string>> | null {
  try {
    const sections = sectionsOf(parseIni(data, 'rclone.conf'));
    return Object.fromEntries(
      [...sections.keys()].map((name) => [name, Object.fromEntries(ownValues(sections, name) ?? [])]),
    );
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const files: Record<string, string> = {
  'comment signs and quotation marks inside values': `[a]\nx = a # b ; c\ny = "quoted"\nz = it's = fine: "yes\nw = '`,
  'words that other parsers turn into something else':
    '[a]\nx = true\ny = null\nz = 007\n[b]\ntoString = 1\n__proto__ = 2\n',
  'dotted and spaced section names': '[a.b.c]\nx = 1\n[  d e@f+g  ]\nx = 2\n[__proto__]\nx = 3\n',
  'keys with brackets': '[a]\nx[] = 1\nx[] = 2\nx[y] = 3\n',
  'colons for equals signs': '[a]\nx: 1\ny : a=b\nz = a:b\n',
  'backticks and triple quotes':
    '[a]\nx = ` 1 `\ny = """ 2 """ tail\nz = ``\nw = ```\nv = """"""\n`k=` = 3\n"k:" = 4\n"""k"k""" = 5\n',
  'equal keys and equal sections': '[a]\nx = 1\n[b]\nx = 2\n[a]\nx = 3\ny = 4\n',
  'values before any section': 'x = 1\n[a]\ny = 2\n[DEFAULT]\nz = 3\n',
  'a nameless section without values': '[]\n# nothing\n[a]\nx = 1\n',
  'dashes for keys': '[a]\n- = 1\n- = 2\n[b]\n- = 3\n',
  'references to other values': 'host = h\n[a]\nx = %(host)s/%(y)s/%(gone)s\ny = 2%(hosts)s\nz = %(x\nw = 100%(\n',
  'line ends of Windows and white space of Unicode':
    '\ufeff[a]\r\nx = 1\r\n\u00a0y\u2003=\u0085 2 \u3000\r\n\r\n  [ b ]  \r\n\tz=\v3\f\r\n',
  'a byte order mark and no line end': '\ufeffx = 1',
  'empty values and no values': '[a]\nx =\ny=\n[b]\n',
  'an empty file': '',
};

describe('a config file is read as rclone reads it, with', () => {
  test.each(Object.entries(files))('%s', async (name, text) => {
    const path = writeConfig(folder, text, `${name}.conf`);
    expect(dump(bytes(text))).toEqual(await rcloneDump(path));
  });

  test('bytes that are not UTF-8, which a path may hold', async () => {
    const data = Buffer.from('[a]\nx = /\xff\xe4\xc3/\ny = \xa0\n', 'latin1');
    const values = ownValues(sectionsOf(parseIni(data, '')), 'a');
    expect(Buffer.from(nameToBytes(values?.get('x') ?? '')).toString('latin1')).toBe('/\xff\xe4\xc3/');
    const shown = JSON.stringify(dump(data)).replaceAll(/\\udc../g, '\ufffd');
    expect(JSON.parse(shown)).toEqual(await rcloneDump(writeConfig(folder, data)));
  });

  const fragment = fc.oneof(
    fc.constantFrom(...marks, '$&', '%(k1)s', '%(x)s'),
    fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => !text.includes('\n') && !text.includes('%(')),
  );
  const soup = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));

  test('any value behind any key, thousands at once', async () => {
    const lines = fc
      .sample(fc.tuple(soup, soup), { numRuns: 3000, seed: 7 })
      .map(([key, value], i) => `k${i} ${key} = ${value}\n`);
    const quoted = fc.sample(soup, { numRuns: 1000, seed: 7 }).map((text, i) => `"q${i}${text}\n`);
    const readable = [...lines, ...quoted].filter((line) => dump(bytes(`[a]\n${line}`)) !== null);
    expect(readable.length).toBeGreaterThan(2500);
    const text = `x = X\n[a]\n${readable.join('')}`;
    expect(dump(bytes(text))).toEqual(await rcloneDump(writeConfig(folder, text)));
  });

  test('random edits, refusing what rclone refuses', async () => {
    const base = Object.values(files).join('\n').replace('[]\n', '');
    const lines = base.split('\n');
    const edit = fc.tuple(fc.nat(lines.length - 1), fc.nat(40), soup);
    const edited = fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
      const copy = [...lines];
      for (const [line, column, text] of edits) copy[line] = insert(copy[line] ?? '', column, text);
      return copy.join('\n');
    });
    await fc.assert(
      fc.asyncProperty(edited, async (text) => {
        expect(dump(bytes(text))).toEqual(await rcloneDump(writeConfig(folder, text)));
      }),
      { numRuns: 40 },
    );
  });
});

function insert(line: string, column: number, text: string): string {
  return line.slice(0, column) + text + line.slice(column);
}

describe('a config file that cannot be read is refused, as rclone does, with', () => {
  test.each([
    ['a line without a key', '[a]\nx = 1\nsecretword\n', 3],
    ['a section without an end', '[a\nx = 1\n', 1],
    ['a line that starts with an equals sign', '[a]\n\n= secretword\n', 3],
    ['a quote without an end', '[a]\nx = `secretword\n', 2],
    ['a value in a nameless section', '[]\nx = secretword\n', 2],
  ])('%s', async (_, text, line) => {
    expect(() => parseIni(bytes(text), '/home/me/rclone.conf')).toThrow(`/home/me/rclone.conf, line ${line}: `);
    expect(() => parseIni(bytes(text), '/home/me/rclone.conf')).not.toThrow('secretword');
    expect(await rcloneDump(writeConfig(folder, text))).toBeNull();
  });
});

test('the lines of a file give its bytes back', () => {
  const data = Buffer.from('\xef\xbb\xbf# c\r\n[a]\r\n\r\nx = \x80\n  y:1', 'latin1');
  expect(Buffer.concat(parseIni(data, '').map((line) => line.raw))).toEqual(data);
});

describe('a remote with a dotted name', () => {
  const text = '[a]\ntype = alias\nremote = /\n[a.b]\nremote =\n[a.b.c]\nremote = .\n[x.b]\nremote = .\n';
  const sections = sectionsOf(parseIni(bytes(text), ''));

  test('has the values of the section before the dot that it lacks itself, as in rclone', async () => {
    expect(valuesOf(sections, 'a.b.c')).toEqual(new Map(Object.entries({ type: 'alias', remote: '.' })));
    const path = writeConfig(folder, text);
    await mustRun('rclone', ['lsf', 'a.b.c:', '--config', path], { cwd: folder });
    const empty = await run('rclone', ['lsf', 'a.b:', '--config', path]);
    expect(empty.stderr).toContain('empty remote');
  });

  test('has only its own where that section does not exist', () => {
    expect(valuesOf(sections, 'x.b')).toEqual(new Map([['remote', '.']]));
    expect(valuesOf(sections, 'a.y')).toBeUndefined();
  });
});

test.each([
  ['itself', '[DEFAULT]\nx = %(x)s\n[a]\ny = %(x)s\n'],
  ['itself twice', '[a]\ny = %(y)s%(y)s\n'],
])('a value that refers to %s is refused', (_, text) => {
  expect(() => valuesOf(sectionsOf(parseIni(bytes(text), '')), 'a')).toThrow('refers to itself');
});
