import { appendFileSync, chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { programPath } from '../program.ts';
import { requirePeer } from '../servers/peers.ts';
import { run } from '../servers/run.ts';
import { converse } from './conversation.ts';
import { runHere } from './in-process.ts';
import { createBench } from './run.ts';

requirePeer('shells');
const bench = createBench('completion');
const shellEnv = {
  RCLONE_CONFIG: bench.path('rclone.conf'),
  PATH: `${bench.path('bin')}:${process.env.PATH}`,
  TERM: 'dumb',
};

/** What is typed behind `coffer`, with a Tab, and the words that coffer is then called with. */
const typed: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['checks\t', ['checksum']],
  ['config sh\t wro\t', ['config', 'show', 'wrong']],
  ['copy --dry\t', ['copy', '--dry-run']],
  ['copy --crypt-strict\t', ['copy', '--crypt-strict-names']],
  ['tree --sort=v\t', ['tree', '--sort=version']],
  ['tree --sort v\t', ['tree', '--sort', 'version']],
  ['hashsum sha5\t', ['hashsum', 'sha512']],
  ['ls sec\tjob', ['ls', 'secret:job']],
  ['-v copy -P notes.txt sec\t', ['-v', 'copy', '-P', 'notes.txt', 'secret:']],
  ['copy --backup-dir=sec\tjob', ['copy', '--backup-dir=secret:job']],
  ['ls my\t', ['ls', 'my remote:']],
  ['ls note\t', ['ls', 'notes.txt']],
  ['ls with\tx', ['ls', 'with space/x']],
  ['ls --config not\t', ['ls', '--config', 'notes.txt']],
  ['ls --config=not\t', ['ls', '--config=notes.txt']],
  ['ls secret:not\t', ['ls', 'secret:not']],
  ['obscure not\t', ['obscure', 'not']],
];

beforeAll(() => {
  appendFileSync(
    bench.path('rclone.conf'),
    '\n[my remote]\ntype = alias\nremote = sealed\n\n[\x1b[2Jodd]\ntype = memory\n',
  );
  writeFileSync(bench.path('notes.txt'), '');
  mkdirSync(bench.path('with space'));
  mkdirSync(bench.path('bin'));
  // Shows what it is called with, unless the shell asks for words.
  const coffer = `#!/bin/bash
if [ "$1" = __complete ]; then exec ${process.execPath} ${programPath} "$@"; fi
if [ "$1" = completion ]; then exec ${process.execPath} ${programPath} "$@"; fi
printf 'called with'; printf ' <%s>' "$@"; printf '\\n'
`;
  writeFileSync(bench.path('bin/coffer'), coffer);
  chmodSync(bench.path('bin/coffer'), 0o755);
});

describe.each([
  ['bash', ['bash', '--rcfile', '.zshrc', '-i'], ''],
  ['zsh', ['zsh', '-i'], 'autoload -U compinit; compinit -u -D; unsetopt prompt_sp; unset zle_bracketed_paste'],
])('the Tab key of %s', (shell, argv, start) => {
  it('completes commands, flags, their values, remotes and files', async () => {
    writeFileSync(bench.path('.zshrc'), `PS1='> '\n${start}\nsource <(coffer completion ${shell})\n`);
    const lines = typed.map(([line]) => `coffer ${line}\r`);
    const env = { ...shellEnv, ZDOTDIR: bench.folder };
    const { screen } = await converse(argv, lines, { terminal: true, cwd: bench.folder, env });
    const calls = [...screen.matchAll(/^called with (.*)$/gm)].map(([, words]) => words);
    expect(calls, screen).toEqual(typed.map(([, words]) => words.map((word) => `<${word}>`).join(' ')));
  });
});

describe('the Tab key of fish', () => {
  // Fish tells what Tab would show.
  const shown = async (line: string): Promise<string[]> => {
    const script = `coffer completion fish | source; complete -C '${line}'`;
    const { stdout } = await run('fish', ['--no-config', '-c', script], { cwd: bench.folder, env: shellEnv });
    return stdout.split('\n').map((row) => row.split('\t')[0] ?? '');
  };

  it.each([
    ['coffer checks', 'checksum'],
    ['coffer config show wro', 'wrong'],
    ['coffer copy --dry', '--dry-run'],
    ['coffer tree --sort=v', '--sort=version'],
    ['coffer hashsum sha5', 'sha512'],
    ['coffer ls sec', 'secret:'],
    ['coffer copy --backup-dir=sec', '--backup-dir=secret:'],
    ['coffer ls my', 'my remote:'],
    ['coffer ls note', 'notes.txt'],
    ['coffer ls --config=not', '--config=notes.txt'],
  ])('completes %s', async (line, word) => {
    expect(await shown(line)).toContain(word);
  });

  it.each(['coffer ls secret:not', 'coffer obscure not'])('has nothing for %s', async (line) => {
    expect(await shown(line)).toEqual(['']);
  });
});

describe('what the scripts ask', () => {
  const ask = (...words: string[]) =>
    runHere(['__complete', '--', ...words], { RCLONE_CONFIG: bench.path('rclone.conf') });

  it('is answered with explanations', async () => {
    const { stdout } = await ask('ls', '');
    expect(stdout).toBe('my remote:\talias\nsecret:\tcrypt\nstore:\talias\nwrong:\tcrypt\n:2\n');
  });

  it('is answered without them on request', async () => {
    const { stdout } = await runHere(['__complete', '--no-descriptions', '--', 'che'], {});
    expect(stdout).toBe('check\nchecksum\n:4\n');
  });

  it('names the remotes of the config on the line', async () => {
    writeFileSync(bench.path('other.conf'), '[other]\ntype = memory\n');
    expect((await ask('--config', bench.path('other.conf'), 'ls', '')).stdout).toBe('other:\tmemory\n:2\n');
    expect((await ask(`--config=${bench.path('other.conf')}`, 'ls', '')).stdout).toBe('other:\tmemory\n:2\n');
  });

  it.each([
    ['a flag behind --', ['ls', '--', '--dry'], ':0\n'],
    ['a word that may be repeated', ['access', '+r', 'project', '+p'], '+p\n:4\n'],
    ['a topic of help', ['help', 'checks'], 'checksum\n:4\n'],
    ['a type of remote', ['config', 'create', 'new', 'sw'], 'swift\n:4\n'],
    ['the second argument', ['checksum', '--one-way', 'md5', 'sums', 'sec'], 'secret:\tcrypt\n:2\n'],
    ['one argument too many', ['ls', 'secret:', 'sec'], ':4\n'],
    ['the value of a letter', ['tree', '-o', 'no'], ':0\n'],
    ['the value of a number', ['tree', '--level', ''], ':4\n'],
    ['that a command has given a letter of another flag to a switch', ['encrypt', '-f', 'no'], ':0\n'],
  ])('knows %s', async (_, words, answer) => {
    expect((await ask(...words)).stdout).toBe(answer);
  });

  it('is not asked of the user: a sealed config has no remotes', async () => {
    writeFileSync(bench.path('sealed.conf'), '# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nAAAA\n');
    const { code, stdout } = await ask('--config', bench.path('sealed.conf'), 'ls', '');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('runs no command for the password of a sealed config', async () => {
    const path = bench.path('commanded.conf');
    const set = ['config', 'encryption', 'set', '--config', path];
    await runHere(set, { RCLONE_PASSWORD_COMMAND: 'echo secret' });
    const env = { RCLONE_CONFIG: path, RCLONE_PASSWORD_COMMAND: `touch ${bench.path('has-run')}` };
    expect((await runHere(['__complete', '--', 'ls', ''], env)).stderr).toContain('the config is encrypted');
    expect(existsSync(bench.path('has-run'))).toBe(false);
  });

  it('is not listed among the commands', async () => {
    expect((await runHere(['help'], {})).stdout).not.toContain('__complete');
    expect((await ask('__')).stdout).toBe(':4\n');
  });
});

it('a shell that is not known is refused', async () => {
  const { code, stdout, stderr } = await bench.coffer(['completion', 'powershell']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('the shells are bash, zsh, fish');
});
