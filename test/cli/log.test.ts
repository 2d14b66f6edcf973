import { statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createLog, usualStamp } from '../../src/cli/log.ts';
import { createBench } from './run.ts';

const bench = createBench('log');

test('control characters of a name reach no terminal, in the subject or in the message', () => {
  let written = '';
  const write = (text: string): void => {
    written += text;
  };
  const log = createLog({ level: 'INFO', form: 'text', stamp: usualStamp, write, now: () => new Date(2026, 0, 2) });
  log.error('a\x1b[31mb', 'c\x9b2J\rd');
  log.notice('', 'the name x\n2026/01/02 00:00:00 ERROR : y');
  log.at('INFO', '', 'two\n\tlines', { stats: {} });
  expect(written).toBe(
    '2026/01/02 00:00:00 ERROR : a\\x1b[31mb: c\\x9b2J\\x0dd\n' +
      '2026/01/02 00:00:00 NOTICE: the name x\\x0a2026/01/02 00:00:00 ERROR : y\n' +
      '2026/01/02 00:00:00 INFO  : two\n\tlines\n',
  );
});

test('nor by way of JSON, which says the same', () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = createLog({ level: 'NOTICE', form: 'json', stamp: usualStamp, write, now: () => new Date(0) });
  log.error('a\u009b2J', 'b\u007f\n');
  expect(lines.join('')).not.toMatch(/[\u007f-\u009f]/);
  expect(JSON.parse(lines.join(''))).toMatchObject({ object: 'a\u009b2J', msg: 'b\u007f\n' });
});

test('nor do those in the error that ends a command', async () => {
  writeFileSync(bench.path('a\x1b[31m.c4gh'), 'no Crypt4GH');
  await bench.coffer(['key', 'new', '--key', 'own.key', '--no-passphrase']);
  const { stderr } = await bench.coffer(['decrypt', '--key', 'own.key', 'a\x1b[31m.c4gh']);
  expect(stderr).toContain('Failed to decrypt: a\\x1b[31m.c4gh: not a Crypt4GH file');
  const before = await bench.coffer(['ls', '-\x1b[31m']);
  expect(before.stderr).toContain('unknown flag');
  expect(stderr + before.stderr).not.toContain('\x1b');
});

test('a log file, which tells the names of files, is not for everybody', async () => {
  for (const [name, run] of [
    ['ours', bench.coffer],
    ['theirs', bench.rclone],
  ] as const) {
    await run(['ls', '.', '-vv', '--log-file', name]);
    expect(statSync(bench.path(name)).mode & 0o007, name).toBe(0);
  }
});

test('a very long interval between statistics shows them once, at the end', async () => {
  writeFileSync(bench.path('one'), 'x');
  const { stderr } = await bench.coffer(['copy', 'one', 'there', '-v', '--stats', '720h']);
  expect(stderr.match(/Elapsed time/g)).toHaveLength(1);
  expect(stderr).not.toContain('Warning');
});
