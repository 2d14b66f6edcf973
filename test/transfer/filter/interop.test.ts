import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFailure } from '../../../src/core/failure.ts';
import { createFilter } from '../../../src/transfer/filter/filter.ts';
import type { FilterFlags } from '../../../src/transfer/filter/flags.ts';
import { mustRun } from '../../servers/run.ts';
import { noFilterFlags } from './no-flags.ts';
import { type PeerFilter, type RclonePeer, startRclone } from './rclone-peer.ts';
import { readTree, type Tree, walk } from './walk.ts';

let scratch: string;
let root: string;
let tree: Tree;
let rclone: RclonePeer;
const hour = 3600;
const start = Math.floor(Date.now() / 1000);

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'coffer-filter-'));
  root = join(scratch, 'root');
  const paths = treePaths();
  for (const [index, path] of paths.entries()) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), 'x'.repeat((index * 37) % 3000));
    const age = index * 6 * hour + 60;
    await utimes(join(root, path), start - age, start - age);
  }
  tree = await readTree(root);
  rclone = await startRclone(scratch);
});

afterAll(async () => {
  await rclone?.[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

const names = [
  'a', 'ab', 'abc', 'b', 'job_6', 'report.pdf', 'photo.jpg', 'photo.JPG', 'Photo.jpeg', 'data.tar.gz', '.hidden', 'with space',
  'comma,name', 'brace{d}', 'brack[et]', 'star*', 'plus+1', 'back\\slash', 'new\u2028line', 'é', 'É', 'ſ', '\u212a', 'ß', '日本', '😀.txt', '12345678', 'dollar$', 'x^y', '(p)', 'p|q',
]; // biome-ignore format: a list
const folders = ['', 'a', 'a/b', 'a/b/c', 'b', 'jobs', 'jobs/job_6', 'jobs/job_7/out', 'Dir', 'a b', '.git', 'é'];

function treePaths(): string[] {
  return folders.flatMap((folder, index) =>
    names
      .filter((_, at) => folder === '' || (at + index) % 3 !== 0)
      .filter((name) => folder !== '' || !folders.includes(name))
      .map((name) => (folder === '' ? name : `${folder}/f-${name}`)),
  );
}

async function ours(flags: Partial<FilterFlags>): Promise<string[] | null> {
  try {
    const readText = (path: string) => readFile(path, 'utf8');
    const now = BigInt(Date.now()) * 1_000_000n;
    return walk(tree, await createFilter({ ...noFilterFlags, ...flags }, { readText, now }));
  } catch (error) {
    if (isFailure(error, 'usage')) return null;
    throw error;
  }
}

function toPeer(flags: Partial<FilterFlags>): PeerFilter {
  return {
    IncludeRule: flags.include ?? [],
    IncludeFrom: flags.includeFrom ?? [],
    ExcludeRule: flags.exclude ?? [],
    ExcludeFrom: flags.excludeFrom ?? [],
    FilterRule: flags.filter ?? [],
    FilterFrom: flags.filterFrom ?? [],
    FilesFrom: flags.filesFrom ?? [],
    FilesFromRaw: flags.filesFromRaw ?? [],
    ExcludeFile: flags.excludeIfPresent ?? [],
    MinSize: flags.minSize ?? 'off',
    MaxSize: flags.maxSize ?? 'off',
    MinAge: flags.minAge ?? 'off',
    MaxAge: flags.maxAge ?? 'off',
    IgnoreCase: flags.ignoreCase ?? false,
  };
}

async function expectSame(flags: Partial<FilterFlags>): Promise<string[] | null> {
  const [here, there] = [await ours(flags), await rclone.list(root, toPeer(flags))];
  expect(here, JSON.stringify(flags)).toEqual(there);
  return here;
}

const globPart = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('*', '**', '?', '/', '/', 'f-', '.', 'a', 'b', 'job_', 'Dir', 'photo', 'jpg'),
  },
  { weight: 2, arbitrary: fc.constantFrom(...names, ...folders) },
  fc.constantFrom('[a-c]', '[^a]', '[!a]', '[[:alpha:]]', '[0-9]*', '{a,b}', '{*.jpg,*.pdf}', '{a/b,jobs}', '{,x}'),
  fc.constantFrom(
    '{{[a-z]+}}',
    '{{.*}}',
    '{{(?i)JPG}}',
    '{{\\d{8}}}',
    '\\*',
    '\\[',
    '\\d',
    '\\{',
    '\\',
    ']',
    '{',
    '***',
  ),
);
const glob = fc
  .tuple(
    fc.constantFrom('', '', '/'),
    fc.array(globPart, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '', '', '/', '/**'),
  )
  .map(([anchor, parts, end]) => anchor + parts.join('') + end);
const rule = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(fc.constantFrom('+ ', '- '), glob).map(([sign, text]) => sign + text) },
  fc.constantFrom('!', '- *', '- **', '+ **', '- /**', '- .*{,/**}'),
);

const re2Atom = fc.constantFrom(
  'a', 'b', 'é', 'k', 's', '.', '\\.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '[a-c]', '[^a-c]', '[[:upper:]]', '[[:^alpha:]x]', '[\\W]', '[^\\W]',
  '\\pL', '\\p{Lu}', '\\P{Lu}', '\\p{^Lu}', '\\p{Latin}', '\\p{Han}', '\\p{Nope}', '[\\p{Lu}_]', '(?i)', '(?-i)', '(?i:k)', '(?i:\\p{Lu})', '(?i)[^k]', '(?i)\\W', '(?s)', '(?m)', '(?U)',
  '(a|b)', '(?:|ab)', '(?P<n>a)', '(?=a)', '(?<!a)', '^', '$', '\\A', '\\z', '\\b', '\\B', '\\x61', '\\x{e9}', '\\141', '\\1', '\\Q.*\\E', '\\Q\\E', '\\Z', '\\_', '\\é', '|', '(', ')', '[]a]', '[a-]', '[z-a]', '[a', '{', '{,2}', ',',
); // biome-ignore format: a list
const re2 = fc
  .array(
    fc.tuple(
      re2Atom,
      fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{0,3}', '{1,}?', '**', '{3,1}', '{1001}'),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.flat().join(''));

describe('beside the real rclone', () => {
  it('takes the same files under random filter rules', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 5 }), fc.boolean(), async (filter, ignoreCase) => {
        await expectSame({ filter, ignoreCase });
      }),
      { numRuns: 150 },
    );
  });

  it('takes the same files under random includes and excludes', async () => {
    const globs = fc.array(glob, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(globs, globs, fc.array(rule, { maxLength: 2 }), async (include, exclude, filter) => {
        await expectSame({ include, exclude, filter });
      }),
      { numRuns: 100 },
    );
  });

  it('takes or refuses the same regular expressions', async () => {
    await fc.assert(
      fc.asyncProperty(re2, fc.boolean(), fc.constantFrom('', '.*', '[^/]*'), async (pattern, ignoreCase, rest) => {
        await expectSame({ include: [`/{{${pattern}${rest}}}`], ignoreCase });
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, Partial<FilterFlags>, number]>([
    ['a size in KiB', { minSize: '1' }, 1],
    ['a size in bytes, inclusive', { minSize: '37b', maxSize: '74b' }, 1],
    ['nothing below an excluded folder', { exclude: ['jobs/'] }, 1],
    ['only the folder included', { include: ['/a/**'] }, 1],
    ['marker files', { excludeIfPresent: ['f-ab', 'f-.hidden'] }, 1],
    ['a marker at the root', { excludeIfPresent: ['photo.jpg'] }, 0],
    ['a duration of days', { maxAge: '3d' }, 1],
    ['a duration of hours and minutes', { minAge: '36h30m' }, 1],
    ['bare seconds', { minAge: '90000' }, 1],
    ['a window of weeks', { minAge: '1w', maxAge: '2w' }, 1],
    ['a date', { maxAge: localDate(10) }, 1],
    ['a date and time', { minAge: `${localDate(10)} 12:30:00` }, 1],
    ['a zoned date', { minAge: new Date((start - 240 * hour) * 1000).toISOString().replace(/\.\d+/, '') }, 1],
    ['what is repeated of a quoted text', { include: ['{{\\Qab\\E*?(?m)*?c?}}', '{{\\Qphoto.jp\\E(?i)*g}}'] }, 1],
    ['an empty quoted text', { include: ['{{job_6\\Q\\E*}}'] }, 1],
    ['an age of nonsense', { minAge: 'soon' }, -1],
    ['a size of nonsense', { minSize: '1x' }, -1],
  ])('agrees on %s', async (_, flags, least) => {
    const taken = await expectSame(flags);
    if (least < 0) expect(taken).toBeNull();
    else expect(taken?.length).toBeGreaterThanOrEqual(least);
  });

  it('agrees on rules and lists read from files', async () => {
    const file = async (name: string, text: string) => {
      await writeFile(join(scratch, name), text);
      return join(scratch, name);
    };
    const rules = await file('rules', '# comment\r\n ; another\n\n+ *.jpg\n  - jobs/  \n!\n- photo*\n+ /a/**\n- *\n');
    const globs = await file('globs', '*.jpg\n#x\n/é/\n*.pdf');
    const list = await file('list', '/a/f-ab\n# no\n  b/f-b/ \nnot there\n\njobs/job_6/f-é\nwith space\n');
    const raw = await file('raw', 'a/f-ab\n#x\n a\nwith space\n');
    expect(await expectSame({ filterFrom: [rules] })).not.toHaveLength(0);
    expect(await expectSame({ includeFrom: [globs], excludeFrom: [globs] })).not.toHaveLength(0);
    expect(await expectSame({ excludeFrom: [globs], include: ['*2*', 'a/**'] })).not.toHaveLength(0);
    expect(await expectSame({ filesFrom: [list] })).toEqual(['a/f-ab', 'b/f-b', 'jobs/job_6/f-é', 'with space']);
    expect(await expectSame({ filesFromRaw: [raw], filesFrom: [list] })).toHaveLength(4);
    expect(await expectSame({ filesFrom: [list], exclude: ['x'] })).toBeNull();
    expect(await expectSame({ filesFrom: [list], minSize: '1' })).toBeNull();
  });

  it('prints its rules as --dump filters does', async () => {
    const flags = { include: ['*.jpg', 'a/b/', '/x/**/y?'], exclude: ['dir/', '{a,b}'], filter: ['+ {{\\d+}}', '- *'] };
    const args = Object.entries(flags).flatMap(([name, values]) => values.flatMap((value) => [`--${name}`, value]));
    const printed = await mustRun('rclone', [
      'lsf',
      '--config',
      '',
      '--ignore-case',
      '--dump',
      'filters',
      ...args,
      scratch,
    ]);
    const filter = await createFilter(
      { ...noFilterFlags, ...flags, ignoreCase: true },
      { readText: async () => '', now: 0n },
    );
    expect(printed).toContain(`--- start filters ---\n${filter.describe()}\n--- end filters ---\n`);
  });
});

function localDate(daysAgo: number): string {
  const date = new Date((start - daysAgo * 24 * hour) * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
