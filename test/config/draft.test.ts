import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConfigDraft, editConfig } from '../../src/config/draft.ts';
import { type IniLine, parseIni } from '../../src/config/ini.ts';
import { ownValues, sectionsOf } from '../../src/config/sections.ts';
import { isFailure } from '../../src/core/failure.ts';
import { marks, rcloneDump, testFolder, writeConfig } from './rclone.ts';

const folder = testFolder('draft');

const values = (entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(entries));

function edited(text: string, edit: (draft: ConfigDraft) => void): string {
  const draft = editConfig(Buffer.from(text), 'rclone.conf');
  edit(draft);
  return Buffer.from(draft.bytes()).toString();
}

describe('setting a value', () => {
  test('replaces it where it stands and leaves all other bytes', () => {
    const text = '# mine\n[a]\n  x=1  \ny : 2\n; end\n\n[b]\nx = 3\n';
    expect(edited(text, (draft) => draft.set('a', values({ x: 'new', y: 'newer' })))).toBe(
      '# mine\n[a]\n  x=new\ny : newer\n; end\n\n[b]\nx = 3\n',
    );
  });

  test('to what it is changes nothing', () => {
    const text = '[a]\nx = ` 1 `\ny=%(z)s\nx =  ` 1 `  \n';
    expect(edited(text, (draft) => draft.set('a', values({ x: ' 1 ', y: '%(z)s' })))).toBe(text);
  });

  test('replaces the last of equal keys, which is the one that counts', () => {
    expect(edited('[a]\nx = 1\n[a]\nx = 2\n', (draft) => draft.set('a', values({ x: '3' })))).toBe(
      '[a]\nx = 1\n[a]\nx = 3\n',
    );
  });

  test('puts a space before what was empty', () => {
    expect(edited('[a]\nx =\ny=\n', (draft) => draft.set('a', values({ x: '1', y: '2' })))).toBe('[a]\nx = 1\ny=2\n');
  });

  test('adds a new key behind the last value of its section', () => {
    const text = '[a]\nx = 1\n# about b\n\n[b]\n';
    expect(edited(text, (draft) => draft.set('a', values({ y: '2' })))).toBe('[a]\nx = 1\ny = 2\n# about b\n\n[b]\n');
    expect(edited(text, (draft) => draft.set('b', values({ y: '2' })))).toBe('[a]\nx = 1\n# about b\n\n[b]\ny = 2\n');
  });

  test.each([
    ['', '[new]\nx = 1\n'],
    ['\ufeff', '\ufeff\n[new]\nx = 1\n'],
    ['[a]\nx = 0', '[a]\nx = 0\n\n[new]\nx = 1\n'],
    ['[a]\r\nx = 0\r\n\r\n', '[a]\r\nx = 0\r\n\r\n[new]\r\nx = 1\r\n'],
  ])('of a new section adds that to the end of %j', (text, expected) => {
    expect(edited(text, (draft) => draft.set('new', values({ x: '1' })))).toBe(expected);
  });

  test.each([
    ['of two lines', 'x', 'hunter2\nhunter3'],
    ['that refers to another', 'x', 'hunter2%(y)s'],
    ['behind a dash, which rclone counts up', '-', 'hunter2'],
    ['behind a key of two lines', 'x\ny', 'hunter2'],
  ])('that the file cannot hold is refused: %s', (_, key, value) => {
    const draft = editConfig(Buffer.from('[a]\nx = 1\n'), 'rclone.conf');
    const set = () =>
      draft.set(
        'a',
        new Map([
          ['w', 'before'],
          [key, value],
        ]),
      );
    expect(set).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(set).not.toThrow('hunter2');
    expect(Buffer.from(draft.bytes()).toString()).toBe('[a]\nx = 1\n');
  });
});

describe('a section', () => {
  const text = '# top\n[a]\nx = 1\n# inside\ny = 2\n# about b\n\n[b]\nx = 3\n';

  test('is removed with what lies between its values; comments behind them stay', () => {
    expect(edited(text, (draft) => draft.remove('a'))).toBe('# top\n# about b\n\n[b]\nx = 3\n');
    expect(edited(text, (draft) => draft.remove('b'))).toBe('# top\n[a]\nx = 1\n# inside\ny = 2\n# about b\n\n');
  });

  test('is removed wherever it stands, and the byte order mark stays', () => {
    expect(edited('\ufeff[a]\nx = 1\n\n[b]\n[a]\ny = 2\n', (draft) => draft.remove('a'))).toBe('\ufeff[b]\n');
  });

  test('is renamed in place', () => {
    expect(edited('  [ a ]  \r\nx = 1\r\n', (draft) => draft.rename('a', 'c'))).toBe('  [c]  \r\nx = 1\r\n');
  });

  test('is copied as it stands to the end', () => {
    expect(edited(text, (draft) => draft.copy('a', 'c'))).toBe(`${text}\n[c]\nx = 1\ny = 2\n`);
  });

  test('of values before any header can be renamed and copied too', () => {
    expect(edited('\ufeffx=1', (draft) => draft.rename('DEFAULT', 'a'))).toBe('\ufeff[a]\nx=1\n');
    expect(edited('\ufeffx=1', (draft) => draft.copy('DEFAULT', 'a'))).toBe('\ufeffx=1\n\n[a]\nx=1\n');
  });

  test.each([
    ['removed', (draft: ConfigDraft) => draft.remove('nope'), 'usage'],
    ['renamed', (draft: ConfigDraft) => draft.rename('nope', 'c'), 'usage'],
    ['unset', (draft: ConfigDraft) => draft.unset('nope', ['x']), 'usage'],
    ['renamed over another', (draft: ConfigDraft) => draft.rename('a', 'b'), 'exists'],
    ['copied over another', (draft: ConfigDraft) => draft.copy('a', 'b'), 'exists'],
    ['renamed to what no header can hold', (draft: ConfigDraft) => draft.rename('a', ' b\n'), 'usage'],
  ])('cannot be %s', (_, edit, kind) => {
    expect(() => edited(text, edit)).toThrow(expect.objectContaining({ kind }));
  });
});

describe('random edits of hostile files', () => {
  const names = ['a', 'b', 'a.b', 'a.b.c', 'my remote', 'é@x+y', 'DEFAULT', '__proto__', '7'];
  const keys = ['type', 'x', 'y', 'k=v', 'k:v', 'a b', '`k', '"k', '#k', ';k', '[k]', 'ключ', '__proto__', '10'];
  const piece = fc.oneof(
    fc.constantFrom(...marks, '\ufeff'),
    fc.constantFrom('\udcff', '\udc80', '{"token":"a=b","n":1}', 'null', '007', '\u0085', '😀'),
    fc.string({ unit: 'grapheme', maxLength: 5 }).filter((text) => !/[\n%]/.test(text)),
  );
  const value = fc.array(piece, { maxLength: 5 }).map((parts) => parts.join(''));
  const line = fc.oneof(
    fc.constantFrom('', '', '# comment', '; another', '   \t', '[ a ]', ' [b]', '[a.b]', '[DEFAULT]', 'z = %(x)s!'),
    fc.constantFrom(...names).map((name) => `[${name}]`),
    fc
      .tuple(
        fc.constantFrom('x', ' y ', '`k=v`', '"k:v"', 'type', '\ttype'),
        fc.constantFrom('=', ' = ', ':', '\t:'),
        value,
      )
      .map((parts) => parts.join('')),
  );
  const file = fc
    .tuple(
      fc.constantFrom('', '\ufeff'),
      fc.array(line, { maxLength: 40 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
    )
    .map(([mark, lines, ending, isEnded]) =>
      Buffer.concat([bytesOf(mark + lines.join(ending)), Buffer.from(isEnded ? ending : '')]),
    )
    .filter((data) => isReadable(data));
  const edit = fc.record({
    action: fc.constantFrom('set', 'set', 'set', 'unset', 'remove', 'rename', 'copy'),
    name: fc.constantFrom(...names),
    to: fc.constantFrom(...names, 'new', 'two words', 'x]y', ' z', '', '-'),
    entries: fc.array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 3 }),
  });
  type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;
  type Model = Map<string, Map<string, string>>;

  function apply(draft: ConfigDraft, { action, name, to, entries }: Edit): void {
    if (action === 'set') draft.set(name, new Map(entries));
    else if (action === 'unset')
      draft.unset(
        name,
        entries.map(([key]) => key),
      );
    else if (action === 'remove') draft.remove(name);
    else if (action === 'rename') draft.rename(name, to);
    else draft.copy(name, to);
  }

  function applyToModel(model: Model, { action, name, to, entries }: Edit): void {
    const section = model.get(name) ?? new Map<string, string>();
    if (action === 'set') model.set(name, new Map([...section, ...entries]));
    else if (action === 'unset') for (const [key] of entries) section.delete(key);
    else if (action === 'remove') model.delete(name);
    else model.set(to, new Map(section));
    if (action === 'rename' && name !== to) model.delete(name);
  }

  /** Lines that the edit may change or take away. */
  function isConcerned(line: IniLine, { action, name, entries }: Edit): boolean {
    if (action === 'copy') return false;
    if (line.kind === 'value' && line.section === name) {
      return action === 'remove' || action === 'rename' || entries.some(([key]) => key === line.key);
    }
    return line.kind === 'section'
      ? line.section === name && action !== 'set'
      : action === 'remove' || action === 'rename';
  }

  test('give what the edits say and leave the other lines', () => {
    fc.assert(
      fc.property(file, fc.array(edit, { maxLength: 8 }), (data, edits) => {
        const draft = editConfig(data, '');
        const model: Model = new Map(
          [...sectionsOf(parseIni(data, ''))].map(([name, section]) => [name, new Map(section)]),
        );
        for (const edit of edits) {
          const before = parseIni(draft.bytes(), '');
          if (!isDone(() => apply(draft, edit))) continue;
          applyToModel(model, edit);
          const after = parseIni(draft.bytes(), '').map(({ raw }) => hex(raw));
          // Without a header it is there only while it holds something.
          if (model.get('DEFAULT')?.size === 0 && !draft.section('DEFAULT')) model.delete('DEFAULT');
          expect(sectionsOf(parseIni(draft.bytes(), ''))).toEqual(model);
          const kept = before.filter((line) => !isConcerned(line, edit)).map(({ raw }) => hex(raw));
          expect(isSubsequence(kept, after)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('are read by rclone as they were meant', async () => {
    const cases = fc.sample(fc.tuple(file, fc.array(edit, { minLength: 10, maxLength: 60 })), {
      numRuns: 12,
      seed: 11,
    });
    for (const [data, edits] of cases) {
      const draft = editConfig(data, '');
      for (const edit of edits) isDone(() => apply(draft, edit));
      const sections = sectionsOf(parseIni(draft.bytes(), ''));
      const meant = [...sections.keys()].map((name) => [name, Object.fromEntries(ownValues(sections, name) ?? [])]);
      expect(await rcloneDump(writeConfig(folder, draft.bytes()))).toEqual(
        JSON.parse(goText(Object.fromEntries(meant))),
      );
    }
  });
});

function isDone(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (isFailure(error, 'usage', 'exists')) return false;
    throw error;
  }
}

function isReadable(data: Uint8Array): boolean {
  return isDone(() => {
    const sections = sectionsOf(parseIni(data, ''));
    for (const name of sections.keys()) ownValues(sections, name);
  });
}

/** Bytes that are not UTF-8 stand as lone surrogates. */
function bytesOf(text: string): Buffer {
  return Buffer.concat(
    [...text].map((char) =>
      /[\udc80-\udcff]/.test(char) && char.length === 1 ? Buffer.of(char.charCodeAt(0) & 0xff) : Buffer.from(char),
    ),
  );
}

function goText(value: unknown): string {
  return JSON.stringify(value).replaceAll(/\\ud[89a-f]../g, '\ufffd');
}

/** Without the line's ending: the last line may get one. */
function hex(raw: Uint8Array): string {
  return Buffer.from(raw)
    .toString('latin1')
    .replace(/[\r\n]+$/, '')
    .replace(/^\xef\xbb\xbf/, '');
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let found = 0;
  for (const line of whole) if (line === part[found]) found++;
  return found === part.length;
}
