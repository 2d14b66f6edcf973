import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { openConfigFile } from '../../src/config/config-file.ts';
import { locateConfig } from '../../src/config/locate.ts';
import { mustRun } from '../servers/run.ts';
import { recordingReport, testFolder, writeConfig } from './rclone.ts';

const folder = testFolder('config');

type Environment = Record<string, string>;

function load(path: string | undefined, environment: Environment = {}, report = recordingReport()): Promise<Config> {
  return openConfigFile({ path, passwordCommand: undefined, prompt: null, environment, report }).read();
}

describe('the config file is found where rclone finds it:', () => {
  const home = join(folder, 'home');
  const xdg = join(folder, 'xdg');
  const rcloneFinds = async (env: Environment, ...args: string[]): Promise<string> => {
    const output = await mustRun('rclone', ['config', 'file', ...args], { env, cwd: folder });
    return output.trim().split('\n').at(-1) ?? '';
  };
  const placed = (path: string): string => {
    mkdirSync(dirname(path), { recursive: true });
    return writeConfig(dirname(path), '', path.slice(dirname(path).length + 1));
  };

  test('in the home folder, then in its .config, then in the XDG folder', async () => {
    const env = { HOME: home, XDG_CONFIG_HOME: xdg };
    mkdirSync(home);
    mkdirSync(xdg);
    expect(locateConfig(undefined, env)).toBe(join(xdg, 'rclone', 'rclone.conf'));
    expect(await rcloneFinds(env)).toBe(locateConfig(undefined, env));
    for (const path of [`${home}/.rclone.conf`, `${home}/.config/rclone/rclone.conf`, `${xdg}/rclone/rclone.conf`]) {
      placed(path);
      expect(locateConfig(undefined, env)).toBe(path);
      expect(await rcloneFinds(env)).toBe(path);
    }
    expect(locateConfig(undefined, { HOME: home, XDG_CONFIG_HOME: '' })).toBe(`${home}/.config/rclone/rclone.conf`);
  });

  test('where RCLONE_CONFIG says, and before that where --config says', async () => {
    const env = { HOME: home, RCLONE_CONFIG: '/x/y.conf' };
    expect(locateConfig(undefined, env)).toBe('/x/y.conf');
    expect(await rcloneFinds(env)).toBe('/x/y.conf');
    expect(locateConfig('/z.conf', env)).toBe('/z.conf');
    expect(await rcloneFinds(env, '--config', '/z.conf')).toBe('/z.conf');
  });

  test.each(['', '/dev/null', '/some/notfound'])('nowhere for %j', async (path) => {
    expect(locateConfig(path, {})).toBeNull();
    const report = recordingReport();
    expect((await load(path, {}, report)).sections()).toEqual([]);
    expect(report.lines).toEqual([]);
  });
});

test('a config file that does not exist is empty, with a notice', async () => {
  const path = join(folder, 'absent.conf');
  const report = recordingReport();
  expect((await load(path, {}, report)).sections()).toEqual([]);
  expect(report.lines).toEqual([`notice : Config file "${path}" not found - using defaults`]);
});

test('a config file that cannot be read is an error that names it', async () => {
  await expect(load(folder)).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining(folder) });
  const loop = join(folder, 'loop.conf');
  symlinkSync(loop, loop);
  await expect(load(loop)).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining(loop) });
});

test('a config file that makes no sense is an error with its path and the line', async () => {
  const path = writeConfig(folder, '[a]\ntype = local\n[b\n');
  await expect(load(path)).rejects.toThrow(`cannot read config file ${path}, line 3: `);
});

test('remotes of the environment are listed as rclone lists them', async () => {
  const path = writeConfig(folder, '[file]\ntype = local\n[Both]\ntype = local\n[x y.z]\ntype = alias\n');
  const env = {
    RCLONE_CONFIG_MINE_TYPE: 'memory',
    'RCLONE_CONFIG_MY-OTHER.ONE_TYPE': 'memory',
    RCLONE_CONFIG_A_TYPE_B_TYPE: 'memory',
    RCLONE_CONFIG_NOT_A_REMOTE: '1',
  };
  const config = await load(path, env);
  const listed = (await mustRun('rclone', ['listremotes', '--config', path], { env })).trim().split('\n');
  expect([...config.sections()].sort().map((name) => `${name}:`)).toEqual(listed);
  expect(config.section('mine')).toBeUndefined();
  expect(config.section('x y.z')).toEqual(new Map([['type', 'alias']]));
});

test('a remote of both the file and the environment is listed once', async () => {
  const path = writeConfig(folder, '[both]\ntype = local\n');
  expect((await load(path, { RCLONE_CONFIG_BOTH_TYPE: 'memory' })).sections()).toEqual(['both']);
});
