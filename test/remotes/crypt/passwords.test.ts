import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readOptions } from '../../../src/config/options.ts';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import type { Location } from '../../../src/core/remote.ts';
import { type CryptOptions, options } from '../../../src/remotes/crypt/options.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { recordingReport } from '../../config/rclone.ts';
import { cryptOver } from './crypt-over.ts';

const folder = mkdtempSync(join(tmpdir(), 'coffer-passwords-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let base: Location;
beforeEach(async () => {
  base = { remote: createMemoryRemote(), path: 'bucket' };
  const remote = await cryptOver(base, { password: 'potato', password2: 'salt' });
  await remote.write('file', sourceOf(Buffer.from('content')), {});
});

const none: Partial<CryptOptions> = { password: '' };
const reading = async (own: Partial<CryptOptions>, report = recordingReport()): Promise<string> =>
  Buffer.from(await collect((await cryptOver(base, { ...none, ...own }, report)).read('file'))).toString();

/** A file of the name with the text, which only its owner may read. */
function secretFile(name: string, text: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('the passwords of a crypt remote', () => {
  test('come from the output of commands', async () => {
    const counter = join(folder, 'counter');
    const command = `sh -c "echo . >> ${counter}; echo potato"`;
    expect(await reading({ password_command: command, password2_command: 'printf salt' })).toBe('content');
    expect(readFileSync(counter, 'utf8')).toBe('.\n');
  });

  test.for(['potato', 'potato\n', 'potato\r\n'])('come from files, as in %j', async (text) => {
    const own = { password_file: secretFile('one', text), password2_file: secretFile('two', 'salt\n') };
    expect(await reading(own)).toBe('content');
  });

  test('come from either, each by its own way', async () => {
    expect(await reading({ password_command: 'echo potato', password2: 'salt' })).toBe('content');
    expect(await reading({ password: 'potato', password2_file: secretFile('two', 'salt') })).toBe('content');
  });

  test('come from a file in the home folder', async () => {
    secretFile('in-home', 'potato');
    process.env.HOME = folder;
    expect(await reading({ password_file: '~/in-home', password2: 'salt' })).toBe('content');
  });

  test('keep spaces', async () => {
    const other = await cryptOver(base, { password: ' po tato ' });
    await other.write('spaced', sourceOf(Buffer.from('x')), {});
    const remote = await cryptOver(base, { ...none, password_file: secretFile('spaced', ' po tato \n') });
    expect((await remote.stat('spaced')).size).toBe(1);
  });
});

describe('what is refused', () => {
  const refusals: readonly (readonly [string, Partial<CryptOptions>, string | RegExp])[] = [
    [
      'two sources',
      { password: 'potato', password_command: 'echo potato' },
      'remote "secret" has password and password_command: keep one of them',
    ],
    [
      'two sources of the second password',
      { password: 'potato', password2_command: 'echo salt', password2_file: '/x' },
      'remote "secret" has password2_command and password2_file: keep one of them',
    ],
    [
      'a command that fails',
      { password_command: 'sh -c "echo potato; exit 3"' },
      'option password_command of remote "secret": password command failed: it ended with exit code 3',
    ],
    [
      'a command that prints nothing',
      { password_command: 'true' },
      'option password_command of remote "secret": password command returned an empty string',
    ],
    [
      'a file that is not there',
      { password_file: '/no/such/file' },
      /^option password_file of remote "secret": cannot read \/no\/such\/file: ENOENT/,
    ],
    [
      'an empty file',
      { password_file: secretFile('empty', '\n') },
      `option password_file of remote "secret": there is no password in ${join(folder, 'empty')}`,
    ],
    [
      'a file that is not text',
      { password_file: secretFile('binary', Buffer.of(0xff, 0xfe)) },
      `option password_file of remote "secret": ${join(folder, 'binary')} is not UTF-8`,
    ],
    [
      'a previous second password alone',
      { password: 'potato', previous_password2: 'salt' },
      'remote "secret" has previous_password2 and no previous_password: set both or none',
    ],
  ];

  test.for(refusals)('%s', async ([, own, message]) => {
    await expect(reading(own)).rejects.toMatchObject({
      kind: 'usage',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('no password at all, unless a command or a file gives it', () => {
    const parse = (own: Record<string, string>) =>
      readOptions(options, { name: 'x', environment: {}, section: new Map(Object.entries(own)) }, 'x');
    expect(() => parse({ remote: '/x' })).toThrow('option password of remote "x" is not set');
    expect(parse({ remote: '/x', password_command: 'echo potato' }).password).toBe('');
    expect(parse({ remote: '/x', password_file: 'x' }).password).toBe('');
  });
});

test('a password file that others may read is used, and told', async () => {
  const report = recordingReport();
  const path = secretFile('open', 'potato', 0o644);
  expect(await reading({ password_file: path, password2: 'salt' }, report)).toBe('content');
  expect(report.lines).toEqual([`notice : others may read the password file ${path}: chmod 600 ${path}`]);
});
