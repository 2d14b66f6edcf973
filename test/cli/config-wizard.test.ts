import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programPath } from '../program.ts';
import { type ConversationOptions, converse, questionsIn } from './conversation.ts';
import { createBench, readTree } from './run.ts';

const bench = createBench('config-wizard');
const coffer = [process.execPath, programPath, 'config'];
const rclone = ['rclone', 'config'];
let configs = 0;

/** A config file of its own, and its folder's `--config`. */
function newConfig(text: string): { path: string; flags: string[]; read(): string } {
  const path = bench.path(`${++configs}.conf`);
  writeFileSync(path, text);
  return { path, flags: ['--config', path], read: () => readFileSync(path, 'utf8') };
}

const inBench: ConversationOptions = { cwd: bench.folder };
const onTerminal: ConversationOptions = { cwd: bench.folder, terminal: true };

type Dump = Record<string, Record<string, string>>;

/** Answers, each on a line. */
const lines = (answers: readonly string[]): string => answers.map((answer) => `${answer}\n`).join('');

/** What rclone reads, its passwords revealed. */
async function dumpOf(path: string): Promise<Dump> {
  const dump: Dump = JSON.parse((await bench.rclone(['config', 'dump', '--config', path])).stdout);
  for (const section of Object.values(dump)) {
    for (const option of ['password', 'password2']) {
      const obscured = section[option];
      if (obscured) section[option] = (await bench.rclone(['reveal', '--', obscured])).stdout.trimEnd();
    }
  }
  return dump;
}

const allas = '[allas]\ntype = alias\nremote = allas-store\n';
mkdirSync(bench.path('allas-store'));

describe("the guide's transcript", () => {
  // n, name, storage, what to encrypt, both names encrypted, a password, a generated salt, no advanced options, keep.
  const answers = 'n|allas-crypt|10|allas:2001659-crypt|1|1|y|pässword|pässword|g|128|y|n|y|q'.split('|');
  const questions =
    'e/n/d/r/c/s/q> |name> |Storage> |remote> |filename_encryption> |directory_name_encryption> |y/g> |password:|password:|y/g/n> |Bits> |y/n> |y/n> |y/e/d> |e/n/d/r/c/s/q> ';

  test.each([
    ['on a terminal', onTerminal],
    ['through a pipe, answer by answer', inBench],
  ])('works word for word %s', async (_, options) => {
    const config = newConfig(allas);
    const { screen, code, left } = await converse([...coffer, ...config.flags], answers, options);
    expect(code, screen).toBe(0);
    expect(left).toEqual([]);
    expect(questionsIn(screen)).toEqual(questions.split('|'));
    expect(screen).not.toContain('pässword');
    expect(screen).toMatch(/Name {17}Type\n={4} {17}={4}\nallas {16}alias\n\ne\) Edit existing remote\n/);
    expect(screen).toMatch(/allas {16}alias\nallas-crypt {10}crypt\n\ne\) Edit existing remote\n/);
    const generated = /Your password is: (\S{22})\n/.exec(screen)?.[1];
    expect(config.read().startsWith(allas)).toBe(true);
    expect(await dumpOf(config.path)).toMatchObject({
      'allas-crypt': { type: 'crypt', remote: 'allas:2001659-crypt', password: 'pässword', password2: generated },
    });
  });

  test('works through a pipe that holds it all, and rclone opens what the remote then holds', async () => {
    const config = newConfig(allas);
    const { code, stdout, stderr } = await bench.coffer(['config', ...config.flags], {
      input: lines(answers),
    });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/It can be reached, but .*2001659-crypt: no such file or folder/);
    writeFileSync(bench.path('hello.xrsl'), 'hello');
    const copied = await bench.coffer(['copy', 'hello.xrsl', 'allas-crypt:job_6', ...config.flags]);
    expect(copied.code, copied.stderr).toBe(0);
    expect((await bench.rclone(['cat', 'allas-crypt:job_6/hello.xrsl', ...config.flags])).stdout).toBe('hello');
  });

  test('leaves the config that rclone makes of the same answers, normal form of the passwords included', async () => {
    const [ours, theirs] = [newConfig(allas), newConfig(allas)];
    const same = 'n|c|crypt|allas:b|2|2|y|ﬁx \u212b|ﬁx \u212b|y|a\u0301|a\u0301|n|y|q'.split('|');
    const [mine, peer] = await Promise.all([
      converse([...coffer, ...ours.flags], same, inBench),
      converse([...rclone, ...theirs.flags], same, inBench),
    ]);
    expect([mine.code, peer.code]).toEqual([0, 0]);
    expect(questionsIn(mine.screen)).toEqual(questionsIn(peer.screen));
    const dump = await dumpOf(ours.path);
    expect(dump).toEqual(await dumpOf(theirs.path));
    expect(dump.c?.password).toBe('fix \u00c5');
  });

  test.each(answers.slice(0, -1).map((answer, index) => [index, answer]))(
    'given up before answer %i, "%s", leaves the file as it was',
    async (index) => {
      const config = newConfig(allas);
      const { code, stderr } = await bench.coffer(['config', ...config.flags], {
        input: lines(answers.slice(0, Number(index))),
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(/the input ended at/);
      expect(config.read()).toBe(allas);
    },
  );
});

describe('a terminal', () => {
  test.each([
    ['at a question', ['n', 'half\x03']],
    ['at a password', ['n', 'x', 'crypt', '/tmp/x', '', '', 'y', 'half\x03']],
  ])('echoes again after Ctrl-C %s, and the exit code is 130', async (_, answers) => {
    const config = newConfig(allas);
    // The shell hears Ctrl-C too.
    const line = `trap : INT; ${[...coffer, ...config.flags].join(' ')}; echo "ended with $?"; stty -a`;
    const { screen } = await converse(['sh', '-c', line], answers, onTerminal);
    expect(screen).toContain('ended with 130');
    expect(screen).toMatch(/[^-]icanon/);
    expect(screen).toMatch(/[^-]echo /);
    expect(config.read()).toBe(allas);
  });

  test.each([
    ['a question', ['n', 'x']],
    ['a password', ['n', 'x', 'crypt', '/tmp/x', '', '', 'y']],
  ])('that sends the end of input at %s gets an error, and nothing is saved', async (_, answers) => {
    const config = newConfig(allas);
    const { screen, code } = await converse([...coffer, ...config.flags], answers, onTerminal);
    expect(code).toBe(1);
    expect(screen).toContain('the input ended at');
    expect(config.read()).toBe(allas);
  });

  test.each(['2001659-crypt', 'allas.bucket/dir'])('hears that %s is no bucket', async (place) => {
    const answers = ['n', 'mine', 'crypt', place, '', '', 'y', 'pw', 'pw', 'n', 'n', 'd', 'q'];
    const { screen, code } = await converse([...coffer, ...newConfig('').flags], answers, onTerminal);
    expect(code, screen).toBe(0);
    expect(screen.replaceAll('\n', ' ')).toContain(
      `"${place}" is a folder of this machine. A bucket stands behind its remote, as in "allas:${place}".`,
    );
  });

  test('is offered to make the missing folder, and can take it up', async () => {
    const config = newConfig('');
    const answers = ['n', 'c', 'crypt', join(bench.folder, 'made'), '', '', 'g', '64', '', '', '', 'b', 'q'];
    const { screen, code } = await converse([...coffer, ...config.flags], answers, onTerminal);
    expect(code, screen).toBe(0);
    expect(screen).toContain('answer b to make it now');
    expect(readTree(bench.path('made'))).toEqual({});
    expect(Object.keys(await dumpOf(config.path))).toEqual(['c']);
  });

  test('stays in the menu when something cannot be done', async () => {
    const config = newConfig('[drive]\ntype = drive\ntoken = {"a":"b"}\n');
    const { screen, code } = await converse([...coffer, ...config.flags], ['e', '1', 'q'], onTerminal);
    expect(code).toBe(0);
    expect(screen).toContain('That failed: didn\'t find backend called "drive"');
  });

  test('can mend what is wrong after it was told', async () => {
    const config = newConfig('');
    const answers = ['n', 'a', 'alias', 'nowhere:x', 'e', bench.folder, 'y', 'q'];
    const { screen, code } = await converse([...coffer, ...config.flags], answers, onTerminal);
    expect(code, screen).toBe(0);
    expect(screen).toMatch(/It does not work: didn't find section in config file \("nowhere"\)[\s\S]*It works\./);
    expect((await dumpOf(config.path)).a).toEqual({ type: 'alias', remote: bench.folder });
  });
});

describe('a remote is tried before it is kept', () => {
  const tryCrypt = async (password: string): Promise<string> => {
    const config = newConfig('');
    const answers = ['n', 'c', 'crypt', bench.path('sealed'), '', '', 'y', password, password, 'n', 'n', 'y', 'q'];
    const { stdout, stderr } = await bench.coffer(['config', ...config.flags], { input: lines(answers) });
    return stdout + stderr;
  };

  test('a wrong password is told', async () => {
    writeFileSync(bench.path('one'), '1');
    await bench.coffer(['copy', 'one', 'secret:']);
    const before = readTree(bench.path('sealed'));
    expect(await tryCrypt('not the one')).toContain('It does not work: no name in c: decrypts');
    expect(readTree(bench.path('sealed'))).toEqual(before);
  });

  test('nothing is left of the trial', async () => {
    mkdirSync(bench.path('empty'));
    const config = newConfig('');
    const answers = ['n', 'c', 'crypt', bench.path('empty'), '', '', 'g', '64', 'y', 'n', 'n', 'y', 'q'];
    const { stdout } = await bench.coffer(['config', ...config.flags], { input: lines(answers) });
    expect(stdout).toContain('It works.');
    expect(readTree(bench.path('empty'))).toEqual({});
  });

  test('a server that does not answer holds nobody up', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const config = newConfig('');
    const answers = ['n', 'x', 's3', 'Other', '', 'k', 's', '', `http://127.0.0.1:${port}`, '', '', 'n', 'y', 'q'];
    const { stdout, code } = await bench.coffer(['config', ...config.flags, '--timeout', '500ms'], {
      input: lines(answers),
    });
    server.close();
    expect(code).toBe(0);
    expect(stdout).toMatch(/It does not work: .*127\.0\.0\.1/);
  });
});

test.each([
  ['that is taken', 'allas', 'Remote "allas" already exists.'],
  ['that is empty', '', "Can't use empty name."],
  ['that starts with a dash', '-rf', 'neither start with `-`'],
  ['with a colon', 'a:b', 'bad name "a:b"'],
  ['that would end the section', 'x]', 'bad name "x]"'],
  ['with an escape sequence', 'x\x1b[31m', 'bad name "x\\x1b[31m"'],
])('a name %s is asked for again', async (_, name, complaint) => {
  const config = newConfig(allas);
  const input = lines(['n', name, 'good', 'alias', '/tmp', 'y', 'q']);
  const { code, stdout } = await bench.coffer(['config', ...config.flags], { input });
  expect(code).toBe(0);
  expect(stdout).toContain(complaint);
  expect(stdout).not.toContain('\x1b');
  expect(Object.keys(await dumpOf(config.path)).sort()).toEqual(['allas', 'good']);
});

describe('of a config with comments and remotes of other kinds', () => {
  const mixed = `# mine
[drive]
type = drive
token = {"access_token":"a=b;c#d"}

; the store
[b.c]
type=alias
remote = one   
# stays
[last]
type = alias
remote = b.c:x
`;

  test('an edit changes one line', async () => {
    const config = newConfig(mixed);
    const { code, stdout } = await bench.coffer(['config', ...config.flags], {
      input: lines(['e', 'b.c', 'two', 'y', 'q']),
    });
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('Press Enter for the default (one).');
    expect(config.read()).toBe(mixed.replace('remote = one   ', 'remote = two'));
  });

  test('Enter everywhere changes nothing', async () => {
    const config = newConfig(mixed);
    await bench.coffer(['config', ...config.flags], { input: lines(['e', 'b.c', '', '', 'q', '']) });
    expect(config.read()).toBe(mixed);
  });

  test.each([
    ['deleted', ['d', '2', 'q']],
    ['renamed', ['r', 'drive', 'taken away', 'q']],
    ['copied', ['c', '2', 'last', 'copy', 'q']],
  ])('one is %s as rclone does it, and every other line stays', async (_, answers) => {
    const [ours, theirs] = [newConfig(mixed), newConfig(mixed)];
    const [mine, peer] = await Promise.all([
      converse([...coffer, ...ours.flags], answers, inBench),
      converse([...rclone, ...theirs.flags], answers, inBench),
    ]);
    expect([mine.code, mine.left]).toEqual([peer.code, peer.left]);
    expect(questionsIn(mine.screen)).toEqual(questionsIn(peer.screen));
    expect(await dumpOf(ours.path)).toEqual(await dumpOf(theirs.path));
    for (const line of ['# mine', '; the store', '# stays', 'remote = one   ']) expect(ours.read()).toContain(line);
  });

  test('who stands on a remote that goes is named', async () => {
    const config = newConfig(mixed);
    const { stdout } = await bench.coffer(['config', ...config.flags], { input: 'd\nb.c\nq\n' });
    expect(stdout).toContain('Still referring to "b.c:", edit them too: last');
  });

  test('a remote of a type that only rclone has cannot be edited, and a script hears of it', async () => {
    const config = newConfig(mixed);
    const { code, stderr } = await bench.coffer(['config', ...config.flags], { input: 'e\ndrive\nq\n' });
    expect(code).toBe(1);
    expect(stderr).toContain('didn\'t find backend called "drive"');
    expect(config.read()).toBe(mixed);
  });
});

describe('the password of the config', () => {
  const readSealed = async (path: string, password: string): Promise<{ code: number | null; text: string }> => {
    const { code, stdout, stderr } = await bench.rclone(['listremotes', '--config', path, '--ask-password=false'], {
      env: { RCLONE_CONFIG_PASS: password },
    });
    return { code, text: stdout + stderr };
  };

  test.each([
    ['on a terminal', onTerminal],
    ['through a pipe', inBench],
  ])('is set, changed and taken away %s', async (_, options) => {
    const config = newConfig(allas);
    const set = await converse([...coffer, ...config.flags], ['s', 'a', 'first', 'first', 'q', 'q'], options);
    expect(set.code, set.screen).toBe(0);
    expect(set.screen).toContain('Password set');
    expect(await readSealed(config.path, 'first')).toMatchObject({ code: 0, text: 'allas:\n' });
    const change = ['s', 'c', 'odd', 'even', 'next', 'next', 'q', 'q'];
    const env = { RCLONE_CONFIG_PASS: 'first' };
    const changed = await converse([...coffer, ...config.flags], change, { ...options, env });
    expect(changed.screen).toContain('Passwords do not match!');
    expect(await readSealed(config.path, 'next')).toMatchObject({ code: 0, text: 'allas:\n' });
    await converse([...coffer, ...config.flags], ['s', 'u', 'q', 'q'], {
      ...options,
      env: { RCLONE_CONFIG_PASS: 'next' },
    });
    expect(config.read()).toBe(allas);
  });

  test('can be made hard to guess, in a form that rclone says it does not support, and stays so', async () => {
    const config = newConfig(allas);
    await bench.coffer(['config', ...config.flags], { input: 's\np\nslow\nslow\nc\nother\nother\nq\nq\n' });
    expect((await readSealed(config.path, 'other')).text).toContain('unsupported configuration encryption');
    const env = { RCLONE_CONFIG_PASS: 'other' };
    expect((await bench.coffer(['listremotes', ...config.flags], { env })).stdout).toBe('allas:\n');
  });
});

test('a config in memory cannot be edited', async () => {
  const { code, stderr } = await bench.coffer(['config', '--config', ''], { input: 'q\n' });
  expect(code).toBe(1);
  expect(stderr).toContain('in memory only');
});
