import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { programPath } from '../../program.ts';
import { peerEnvironment } from '../../servers/run.ts';
import { createBench } from '../run.ts';
import { createSite, type Site } from './site.ts';

const { keystone } = inject('lab');
const bench = createBench('login-terminal');
let site: Site;
beforeAll(async () => {
  site = await createSite(keystone);
});

/** Runs a login on a terminal of its own (util-linux's script), and types each answer when its question is there.
 *  Resolves with what was on the screen, and after it the settings of the terminal. */
function talk(
  config: string,
  args: readonly string[],
  answers: readonly (readonly [question: string, keys: string])[],
): Promise<string> {
  const words = [process.execPath, programPath, 'login', 'lab', '--auth-url', site.url, '--region', 'rgw', ...args];
  // The shell itself must outlive a Ctrl-C that is a signal, as it is before the program has taken the terminal.
  const command = `trap : INT; ${words.map((word) => `'${word}'`).join(' ')}; echo "exit $?"; stty -a`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...peerEnvironment(), RCLONE_CONFIG: config },
  });
  const left = [...answers];
  let screen = '';
  let seen = 0;
  child.stdout.on('data', (piece: Buffer) => {
    screen += piece.toString();
    const [next] = left;
    if (next === undefined || !screen.slice(seen).includes(next[0])) return;
    left.shift();
    seen = screen.length;
    child.stdin.write(next[1]);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(screen));
  });
}

const before = '[lab]\ntype = swift\nenv_auth = true\n';

function configAt(name: string, text: string): string {
  const file = bench.path(name);
  writeFileSync(file, text);
  return file;
}

test('a person is asked for the user, the password and the project', async () => {
  const config = configAt('asked.conf', '');
  const screen = await talk(
    config,
    [],
    [
      ['user> ', `${site.user}\r`],
      ['Password of', `${site.password}\r`],
      ['project> ', '7\r'],
      ['project> ', '2\r'],
    ],
  );
  expect(screen).toContain('No choices with this number.');
  expect(screen).toContain(`lab: ${site.user} in ${site.projects[1].name}, valid until`);
  expect(screen).toContain('exit 0');
  expect(screen).not.toContain(site.password);
  expect(readFileSync(config, 'utf8')).toContain(`tenant = ${site.projects[1].name}\n`);
});

describe.for([
  ['the user', [['user> ', '\x03']]],
  [
    'the password',
    [
      ['user> ', 'someone\r'],
      ['Password of', 'half\x03'],
    ],
  ],
] as const)('Ctrl-C when asked for %s', ([, answers]) => {
  test('changes nothing and leaves the terminal as it was', async () => {
    const config = configAt('stopped.conf', '# mine\n');
    const screen = await talk(config, [], answers);
    expect(screen).toContain('exit 130');
    expect(screen).toMatch(/[^-]icanon/);
    expect(screen).toMatch(/[^-]echo /);
    expect(screen).not.toContain('half');
    expect(readFileSync(config, 'utf8')).toBe('# mine\n');
  });
});

test('Ctrl-C when asked for the project changes nothing', async () => {
  const config = configAt('project.conf', '# mine\n');
  const screen = await talk(
    config,
    ['-u', site.user],
    [
      ['Password of', `${site.password}\r`],
      ['project> ', '\x03'],
    ],
  );
  expect(screen).toContain('exit 130');
  expect(readFileSync(config, 'utf8')).toBe('# mine\n');
});

describe('a remote that takes its login from the environment', () => {
  test('stays so unless the person says yes', async () => {
    const config = configAt('no.conf', before);
    const screen = await talk(config, ['-u', site.user], [['y/n> ', '\r']]);
    expect(screen).toContain('as allas_conf sets it up');
    expect(screen).toContain('--export');
    expect(screen).not.toContain('exit 0');
    expect(readFileSync(config, 'utf8')).toBe(before);
  });

  test('gets a login of its own when the person says yes', async () => {
    const config = configAt('yes.conf', before);
    const screen = await talk(
      config,
      ['-u', site.user, '-p', site.projects[0].name],
      [
        ['y/n> ', 'y\r'],
        ['Password of', `${site.password}\r`],
      ],
    );
    expect(screen).toContain('exit 0');
    expect(readFileSync(config, 'utf8')).toMatch(/^\[lab\]\ntype = swift\nauth = /);
  });
});
