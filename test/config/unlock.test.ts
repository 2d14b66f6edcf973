import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { type ConfigRequest, openConfigFile } from '../../src/config/config-file.ts';
import { splitCommand } from '../../src/config/password-command.ts';
import { loadEngine } from '../../src/crypto/engine.ts';
import { runHere } from '../cli/in-process.ts';
import { type Result, run } from '../servers/run.ts';
import { recordingReport, testFolder, writeConfig } from './rclone.ts';
import { encryptByMenu } from './rclone-menu.ts';

const folder = testFolder('sealed');
const plain = '# mine\n[allas]\ntype = swift\nkey = a # b "c"\n';
// A ligature and an accent of its own: NFKC turns them into `fi` and `é`.
const password = 'pässword \ufb01 e\u0301 "quoted"';
const byMenu = join(folder, 'menu.conf');
const byFormat = join(folder, 'format.conf');

beforeAll(async () => {
  writeFileSync(byMenu, plain);
  await encryptByMenu(byMenu, password);
  writeFileSync(byFormat, await seal(plain));
});

/** By the description of the format alone. */
async function seal(text: string): Promise<string> {
  const key = createHash('sha256')
    .update(`[${password.normalize('NFKC')}][rclone-config]`)
    .digest();
  const nonce = randomBytes(24);
  const box = new Uint8Array(Buffer.byteLength(text) + 16);
  (await loadEngine({})).seal(box, Buffer.from(text), nonce, key);
  const base64 = Buffer.concat([nonce, box]).toString('base64');
  return `# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\n${base64}`;
}

function load(path: string, request: Partial<ConfigRequest>): Promise<Config> {
  return openConfigFile({
    path,
    passwordCommand: undefined,
    prompt: null,
    environment: {},
    report: recordingReport(),
    ...request,
  }).read();
}

function rclone(path: string, env: Record<string, string>, ...args: string[]): Promise<Result> {
  return run('rclone', ['listremotes', '--config', path, ...args], { env });
}

/** A command for `--password-command`. */
function script(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o700);
  return path;
}

describe.each([
  ['the menu of rclone', byMenu],
  ['the description of the format', byFormat],
])('a config that was encrypted by %s', (_, path) => {
  test('opens with the password of RCLONE_CONFIG_PASS, in any normal form', async () => {
    for (const form of ['NFC', 'NFD', 'NFKC'] as const) {
      const environment = { RCLONE_CONFIG_PASS: password.normalize(form) };
      const config = await load(path, { environment });
      expect(config.sections()).toEqual(['allas']);
      expect(config.section('allas')?.get('key')).toBe('a # b "c"');
      expect((await rclone(path, environment)).stdout).toBe('allas:\n');
    }
  });

  test('opens with either engine', async () => {
    for (const COFFER_ENGINE of ['native', 'portable']) {
      const environment = { RCLONE_CONFIG_PASS: password, COFFER_ENGINE };
      expect((await load(path, { environment })).sections()).toEqual(['allas']);
    }
  });

  test('refuses a wrong password, as rclone does', async () => {
    const environment = { RCLONE_CONFIG_PASS: 'wrong' };
    await expect(load(path, { environment })).rejects.toMatchObject({ kind: 'wrong-password' });
    expect((await rclone(path, environment, '--ask-password=false')).code).toBe(1);
  });

  test('says what to set when there is no password', async () => {
    await expect(load(path, {})).rejects.toThrow(`${path}: the config is encrypted: set RCLONE_CONFIG_PASS or`);
  });
});

describe('the password is asked for', () => {
  const asking = (...answers: string[]) => {
    const questions: string[] = [];
    const prompt = async (question: string): Promise<string> => {
      questions.push(question);
      return answers[questions.length - 1] ?? 'no more answers';
    };
    return { questions, prompt };
  };

  test('again until it is right', async () => {
    const { prompt, questions } = asking('wrong', '', password);
    const report = recordingReport();
    expect((await load(byMenu, { prompt, report })).sections()).toEqual(['allas']);
    expect(questions).toEqual(Array(3).fill('Enter configuration password:'));
    expect(report.lines).toHaveLength(2);
  });

  test('when RCLONE_CONFIG_PASS is wrong', async () => {
    const { prompt, questions } = asking(password);
    await load(byMenu, { prompt, environment: { RCLONE_CONFIG_PASS: 'wrong' } });
    expect(questions).toHaveLength(1);
  });

  test('never when the config is plain, or another password opens it', async () => {
    const { prompt, questions } = asking();
    await load(writeConfig(folder, plain), { prompt });
    await load(byMenu, { prompt, environment: { RCLONE_CONFIG_PASS: password } });
    expect(questions).toEqual([]);
  });
});

describe('a password command', () => {
  const environment = { RCLONE_CONFIG_PASS: 'wrong' };
  const print = `printf '\\r\\n%s\\n\\n' '${password}'`;

  test('comes before RCLONE_CONFIG_PASS, and its line breaks do not count', async () => {
    const passwordCommand = script('good', print);
    expect((await load(byMenu, { passwordCommand, environment })).sections()).toEqual(['allas']);
    expect((await rclone(byMenu, environment, '--password-command', passwordCommand)).stdout).toBe('allas:\n');
  });

  test('may stand in RCLONE_PASSWORD_COMMAND, which the flag overrules', async () => {
    const env = { RCLONE_PASSWORD_COMMAND: script('good', print) };
    const list = ['listremotes', '--config', byMenu, '--ask-password=false'];
    expect((await runHere(list, env)).stdout).toBe('allas:\n');
    expect((await runHere([...list, '--password-command', 'false'], env)).stderr).toContain('exit code 1');
    expect((await runHere([...list, '--password-command='], env)).stderr).toContain('the config is encrypted');
  });

  test.each([
    ['fails', 'echo hunter2; exit 3', 'usage', 'password command failed: it ended with exit code 3'],
    ['prints nothing', 'echo', 'usage', 'password command returned an empty string'],
    ['prints no text', "printf '\\377'", 'usage', 'not UTF-8'],
    ['prints a wrong password', 'echo hunter2', 'wrong-password', 'the password from the password command is wrong'],
  ])('that %s is an error, and nothing else is asked', async (name, body, kind, message) => {
    const passwordCommand = script(name.replaceAll(' ', '-'), body);
    const prompt = (): never => expect.unreachable();
    const env = { RCLONE_CONFIG_PASS: password };
    const failure = await load(byMenu, { passwordCommand, prompt, environment: env }).catch((error: Error) => error);
    expect(failure).toMatchObject({ kind, message: expect.stringContaining(message) });
    expect(failure).not.toMatchObject({ message: expect.stringContaining('hunter2') });
    expect((await rclone(byMenu, env, '--password-command', passwordCommand)).code).toBe(1);
  });

  test('that does not exist is an error that names it', async () => {
    await expect(load(byMenu, { passwordCommand: '/no/such/program x' })).rejects.toThrow('/no/such/program');
  });

  test.each([
    ['a b', ['a', 'b']],
    ['a  b ', ['a', '', 'b', '']],
    [`a "b c" 'd e'`, ['a', 'b c', "'d", "e'"]],
    ['a "say ""hi"" \\n" ""', ['a', 'say "hi" \\n', '']],
    ['a $HOME;b | c', ['a', '$HOME;b', '|', 'c']],
    ['a b\nc', ['a', 'b']],
  ])('is split into words as by rclone: %j', async (line, words) => {
    expect(splitCommand(line)).toEqual(words);
    const log = join(folder, 'words');
    const program = script('words.sh', `printf '[%s]' "$@" > ${log}; ${print}`);
    const command = line.replace(/^a/, program);
    await rclone(byMenu, {}, '--password-command', command);
    const byRclone = readFileSync(log, 'utf8');
    await load(byMenu, { passwordCommand: command });
    expect(readFileSync(log, 'utf8')).toBe(byRclone);
    expect(byRclone).toBe(
      words
        .slice(1)
        .map((word) => `[${word}]`)
        .join(''),
    );
  });

  test.each(['a "b', 'a b"c', 'a "b"c'])('with a stray quotation mark is refused: %j', async (line) => {
    await expect(load(byMenu, { passwordCommand: line })).rejects.toThrow('quotation marks');
    expect((await rclone(byMenu, {}, '--password-command', line)).code).not.toBe(0);
  });

  test.each([' a', '\n'])('without a program is refused: %j', async (line) => {
    await expect(load(byMenu, { passwordCommand: line })).rejects.toMatchObject({ kind: 'usage' });
  });
});

describe('an encrypted config', () => {
  const environment = { RCLONE_CONFIG_PASS: password };
  const marker = 'RCLONE_ENCRYPT_V0:';

  test('may have comments and Windows line ends around', async () => {
    const text = `; one\r\n\r\n  # two\r\n ${(await seal(plain)).replaceAll('\n', '\r\n')}\r\n`;
    const path = writeConfig(folder, text);
    expect((await load(path, { environment })).sections()).toEqual(['allas']);
    expect((await rclone(path, environment)).stdout).toBe('allas:\n');
  });

  test('does not open with any byte changed or its end cut off', async () => {
    const sealed = readFileSync(byFormat, 'latin1');
    const [head = '', base64 = ''] = sealed.split(`${marker}\n`);
    const box = Buffer.from(base64, 'base64');
    for (let i = 0; i < box.length; i++) {
      const changed = Buffer.from(box);
      changed[i] = (changed[i] ?? 0) ^ 1;
      const path = writeConfig(folder, `${head}${marker}\n${changed.toString('base64')}`);
      await expect(load(path, { environment })).rejects.toMatchObject({ kind: 'wrong-password' });
    }
    const path = writeConfig(folder, `${head}${marker}\n${box.subarray(0, -3).toString('base64')}`);
    await expect(load(path, { environment })).rejects.toMatchObject({ kind: 'wrong-password' });
  });

  test.each([
    ['of another version', 'RCLONE_ENCRYPT_V1:\nAAAA\n', 'unsupported'],
    ['that is not base64', `${marker}\n!!!!\n`, 'corrupt'],
    ['that is cut inside base64', `${marker}\nAAAAA\n`, 'corrupt'],
    ['that is too short', `${marker}\nAAAA\n`, 'corrupt'],
    ['that is empty', `${marker}\n`, 'corrupt'],
  ])('%s is an error that names the file', async (_, text, kind) => {
    const path = writeConfig(folder, text);
    await expect(load(path, { environment })).rejects.toMatchObject({ kind, message: expect.stringContaining(path) });
    expect((await rclone(path, environment)).code).toBe(1);
  });
});
