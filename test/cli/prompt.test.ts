import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'coffer-prompt-'));
const program = join(folder, 'ask.mjs');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const prompt = join(import.meta.dirname, '../../src/cli/prompt.ts');
  const contents = `
    import { promptSecret } from ${JSON.stringify(prompt)};
    promptSecret('Password?', { stderr: { isTerminal: true, write: async () => {} } }).then(
      (text) => console.log('<' + Buffer.from(text).toString('hex') + '>'),
      (error) => console.log('<' + error.kind + ': ' + error.message + '>'),
    );`;
  const stdin = { contents, resolveDir: folder };
  await build({ stdin, outfile: program, bundle: true, platform: 'node', format: 'esm' });
});

interface Session {
  /** What was shown on the terminal, all of it. */
  readonly screen: string;
  /** What the program made of it. */
  readonly answer: string;
}

/** Runs a command on a terminal of its own (util-linux's script) and types once it is asked. */
function typing(keys: string | Uint8Array, command: string): Promise<Session> {
  const child = spawn('script', ['-qec', command, '/dev/null']);
  let screen = '';
  child.stdout.on('data', (piece: Buffer) => {
    const wasAsked = screen.includes('Password?');
    screen += piece.toString();
    if (!wasAsked && screen.includes('Password?')) child.stdin.write(keys);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve({ screen, answer: /<(.*)>/.exec(screen)?.[1] ?? '' }));
  });
}

const ask = `${process.execPath} ${program}`;
const hex = (text: string): string => Buffer.from(text).toString('hex');

describe('a password is asked for on the terminal', () => {
  test('without being shown', async () => {
    const { screen, answer } = await typing('hunter2 ä 🗝\r', ask);
    expect(answer).toBe(hex('hunter2 ä 🗝'));
    expect(screen).not.toContain('hunter2');
  });

  test('while stdin and stdout are pipes', async () => {
    const { answer } = await typing('hunter2\n', `echo data | ${ask} | cat`);
    expect(answer).toBe(hex('hunter2'));
  });

  test.each([
    ['one character', 'hunterä\x7f2\r', 'hunter2'],
    ['more than there is', 'x\x7f\b\x7fhunter2\r', 'hunter2'],
    ['the whole line', 'wrong\x15hunter2\r', 'hunter2'],
  ])('and %s can be erased', async (_, keys, expected) => {
    expect((await typing(keys, ask)).answer).toBe(hex(expected));
  });

  test.each([
    ['an answer', 'hunter2\r'],
    ['Ctrl-C', 'hunt\x03'],
    ['Ctrl-D', 'hunt\x04'],
  ])('and it echoes again after %s', async (_, keys) => {
    const { screen } = await typing(keys, `${ask}; stty -a`);
    expect(screen).toMatch(/[^-]icanon/);
    expect(screen).toMatch(/[^-]echo /);
    expect(screen).not.toContain('hunt');
  });
});

test.each([
  ['Ctrl-C', 'hunt\x03'],
  ['Ctrl-D', '\x04'],
])('%s cancels', async (_, keys) => {
  expect((await typing(keys, ask)).answer).toMatch(/^cancelled: /);
});

test('bytes that are not UTF-8 are no password', async () => {
  const { answer } = await typing(Buffer.from('hunt\xe4r\r', 'latin1'), ask);
  expect(answer).toBe('usage: what was typed is not UTF-8');
});

test('without a terminal it says what to set instead', async () => {
  const child = spawn(process.execPath, [program], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (piece: Buffer) => {
    said += piece.toString();
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(said).toContain('usage: no terminal to ask for the password: set RCLONE_CONFIG_PASS or --password-command');
});
