import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { programPath } from '../program.ts';
import { converse } from './conversation.ts';
import { createBench } from './run.ts';

const bench = createBench('config-create');
let configs = 0;

interface Peers {
  readonly ours: string;
  readonly theirs: string;
}

function newConfigs(text: string): Peers {
  const [ours, theirs] = [bench.path(`${++configs}-ours.conf`), bench.path(`${configs}-theirs.conf`)];
  writeFileSync(ours, text);
  writeFileSync(theirs, text);
  return { ours, theirs };
}

/** What rclone reads of a file, each password revealed. */
async function dumpOf(path: string): Promise<Record<string, Record<string, string>>> {
  const dump = JSON.parse((await bench.rclone(['config', 'dump', '--config', path])).stdout);
  for (const section of Object.values<Record<string, string>>(dump)) {
    if (section.password) section.password = (await bench.rclone(['reveal', '--', section.password])).stdout.trimEnd();
  }
  return dump;
}

const crypt = '[c]\ntype = crypt\nremote = /tmp/x\npassword = kAe1aQMiE3FcWmRB_eBTwBFSC0zlNg\n';
const obscured = 'kAe1aQMiE3FcWmRB_eBTwBFSC0zlNg';

describe('config create and config update print and save what rclone does', () => {
  test.each([
    ['a new remote', '', ['create', 's', 'swift', 'env_auth=true', 'user', 'me']],
    ['a new remote beside another', '# top\n[a]\ntype = alias\n', ['create', 'n', 'alias', 'remote=/tmp']],
    ['a remote made anew', crypt, ['create', 'c', 'alias', 'remote', '/x']],
    ['a plain password', '', ['create', 'c', 'crypt', 'remote=/x', 'password=potato']],
    ['an obscured password', '', ['create', 'c', 'crypt', `password=${obscured}`]],
    ['what looks obscured and is not', '', ['create', 'c', 'crypt', `password=${obscured}`, '--obscure']],
    ['a password taken as it is', '', ['create', 'c', 'crypt', `password=${obscured}`, '--no-obscure']],
    ['a value that is updated', crypt, ['update', 'c', 'remote=/y=z:w']],
    ['a value that is emptied', crypt, ['update', 'c', 'remote', '']],
    ['an unknown option', crypt, ['update', 'c', 'colour=red']],
    ['an option that is not kept', crypt, ['update', 'c', 'config_refresh_token=false']],
    ['nothing', crypt, ['update', 'c']],
    ['a JSON answer at the end', crypt, ['update', 'c', 'remote=/z', '--non-interactive']],
    ['a state that ends', crypt, ['update', 'c', '--continue', '--state', '*all-advanced', '--result', 'false']],
  ])('%s', async (_, text, args) => {
    const { ours, theirs } = newConfigs(text);
    const [mine, peer] = await Promise.all([
      bench.coffer(['config', ...args, '--config', ours]),
      bench.rclone(['config', ...args, '--config', theirs]),
    ]);
    expect([mine.code, mine.stderr.replace(/.*has no option.*\n/, '')]).toEqual([0, '']);
    expect(peer.code).toBe(0);
    expect(mine.stdout.split('\n').sort()).toEqual(peer.stdout.split('\n').sort());
    expect(await dumpOf(ours)).toEqual(await dumpOf(theirs));
  });

  test.each([
    ['an unknown type', ['create', 'c', 'nosuch', 'a=b'], /didn't find backend called "nosuch"/],
    ['no type', ['create', 'c'], /needs 2 arguments minimum/],
    ['a key without a value', ['update', 'c', 'remote'], /found key without value/],
    ['an unknown remote', ['update', 'nowhere', 'a=b'], /\("nowhere"\): `coffer listremotes`/],
    ['a bad name', ['create', 'a/b', 'alias'], /bad name "a\/b"/],
    ['two ways to take passwords', ['update', 'c', '--obscure', '--no-obscure', 'a=b'], /together/],
    ['an unknown state', ['update', 'c', '--continue', '--state', '*nosuch'], /unknown internal state/],
    ['a state out of range', ['update', 'c', '--continue', '--state', '*all-set,99,false'], /unknown internal state/],
    [
      'a state that is no number of an option',
      ['update', 'c', '--continue', '--state', '*all-set,0.5,false'],
      /unknown internal state/,
    ],
  ])('%s is refused, and nothing written', async (_, args, complaint) => {
    const { ours, theirs } = newConfigs(crypt);
    const [mine, peer] = await Promise.all([
      bench.coffer(['config', ...args, '--config', ours]),
      bench.rclone(['config', ...args, '--config', theirs]),
    ]);
    expect([mine.code, peer.code]).toEqual([1, 1]);
    expect(mine.stderr).toMatch(complaint);
    expect(readFileSync(ours, 'utf8')).toBe(crypt);
  });
});

test.each([
  ['a second line', 'x\n[evil]\ntype = alias'],
  ['a carriage return', 'x\r[evil]'],
])('a value with %s makes no section of its own', async (_, value) => {
  const { ours } = newConfigs(crypt);
  const { code } = await bench.coffer(['config', 'update', 'c', `remote=${value}`, '--config', ours]);
  expect(Object.keys(await dumpOf(ours))).toEqual(['c']);
  if (code !== 0) expect(readFileSync(ours, 'utf8')).toBe(crypt);
});

test('an unknown option is kept, and said to be without effect', async () => {
  const { ours } = newConfigs(crypt);
  const { stderr } = await bench.coffer(['config', 'update', 'c', 'filename_encription=off', '--config', ours]);
  expect(stderr).toContain('crypt has no option "filename_encription"');
});

test('an update leaves every other byte', async () => {
  const text = `# top\r\n[drive]\ntype = drive\ntoken = {"a":"b"}\n\n${crypt}; end`;
  const { ours } = newConfigs(text);
  await bench.coffer(['config', 'update', 'c', 'remote=/new', '--config', ours]);
  expect(readFileSync(ours, 'utf8')).toBe(text.replace('/tmp/x', '/new'));
});

test('--all asks for what was not given, as rclone does, and saves it', async () => {
  const { ours, theirs } = newConfigs('');
  const args = ['create', 'c', 'crypt', 'remote=/x', 'filename_encryption=off', '--all'];
  const answers = ['2', 'y', 'potato', 'potato', 'n', 'n'];
  const [mine, peer] = await Promise.all([
    converse([process.execPath, programPath, 'config', ...args, '--config', ours], answers),
    converse(['rclone', 'config', ...args, '--config', theirs], answers),
  ]);
  expect([mine.code, mine.left], mine.screen).toEqual([peer.code, peer.left]);
  expect(await dumpOf(ours)).toEqual(await dumpOf(theirs));
});

test('--non-interactive asks the questions of rclone one by one, as JSON', async () => {
  const { ours, theirs } = newConfigs('');
  const results = ['/x', 'standard', 'false', 'potato', '', 'false'];
  const first = ['create', 'c', 'crypt', '--all', '--non-interactive'];
  const asked: string[] = [];
  let [args, state] = [first, '-'];
  while (state !== '') {
    const [mine, peer] = await Promise.all([
      bench.coffer(['config', ...args, '--config', ours]),
      bench.rclone(['config', ...args, '--config', theirs]),
    ]);
    const [question, reference] = [JSON.parse(mine.stdout), JSON.parse(peer.stdout)];
    const withoutWords = (key: string, value: unknown): unknown => (key === 'Help' ? undefined : value);
    expect(JSON.parse(mine.stdout, withoutWords)).toEqual(JSON.parse(peer.stdout, withoutWords));
    expect(Object.keys(question.Option ?? {})).toEqual(Object.keys(reference.Option ?? {}));
    state = question.State;
    if (state !== '') asked.push(question.Option.Name);
    args = ['update', 'c', '--continue', '--state', state, '--result', results[asked.length - 1] ?? ''];
  }
  expect(asked.slice(3)).toEqual(['password', 'password2', 'config_fs_advanced']);
  // rclone 1.60 stores such a password as it comes, and then cannot reveal it.
  const { c } = await dumpOf(ours);
  expect(c).toEqual({ type: 'crypt', remote: '/x', directory_name_encryption: 'false', password: 'potato' });
});
