import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lookUp, type OptionSources } from '../../src/config/environment.ts';
import { obscure } from '../../src/config/obscure.ts';
import { readOptions } from '../../src/config/options.ts';
import { flag, integer, secret, size, text } from '../../src/core/options.ts';
import { mustRun } from '../servers/run.ts';
import { testFolder, writeConfig } from './rclone.ts';

const folder = testFolder('options');

describe('of all places that set an option, the same one counts as in rclone', () => {
  const places = ['override', 'flag', 'remote', 'backend', 'file'] as const;
  // An alias per place: what its folder holds tells where rclone took the option from.
  for (const place of places) {
    mkdirSync(join(folder, place));
    writeFileSync(join(folder, place, place), '');
  }
  const subsets = Array.from({ length: 2 ** places.length - 1 }, (_, bits) =>
    places.filter((_, place) => ((bits + 1) >> place) & 1),
  );

  test.each(subsets.map((set) => [set] as const))('%j', async (set) => {
    const value = (place: (typeof places)[number]) => (set.includes(place) ? join(folder, place) : undefined);
    const environment = { RCLONE_CONFIG_MY_REMOTE: value('remote'), RCLONE_ALIAS_REMOTE: value('backend') };
    const sources: OptionSources = {
      name: 'my',
      type: 'alias',
      overrides: new Map(set.includes('override') ? [['remote', join(folder, 'override')]] : []),
      flags: new Map(set.includes('flag') ? [['alias-remote', join(folder, 'flag')]] : []),
      environment,
      section: new Map([['remote', value('file') ?? '']]),
    };
    const config = writeConfig(folder, `[my]\ntype = alias\nremote = ${value('file') ?? ''}\n`);
    const args = ['lsf', '--config', config, set.includes('override') ? `my,remote=${value('override')}:` : 'my:'];
    if (set.includes('flag')) args.push('--alias-remote', join(folder, 'flag'));
    const env = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== undefined)) as Record<
      string,
      string
    >;
    const chosen = (await mustRun('rclone', args, { env })).trim();
    expect(lookUp('remote', sources)).toBe(join(folder, chosen));
  });
});

test('the names of variables keep what rclone keeps of a remote’s name', async () => {
  const config = writeConfig(folder, '');
  const env = { 'RCLONE_CONFIG_MY-OWN X.Y_TYPE': 'alias', 'RCLONE_CONFIG_MY-OWN X.Y_REMOTE': join(folder, 'file') };
  expect(await mustRun('rclone', ['lsf', '--config', config, 'My-own x.y:'], { env })).toBe('file\n');
  expect(lookUp('remote', { name: 'My-own x.y', environment: env })).toBe(join(folder, 'file'));
});

describe('the options of a remote', () => {
  const specs = {
    where: text('A place.', { required: true }),
    chunk_size: size('A size.', { default: '5Mi' }),
    retries: integer('A number.', { default: '3' }),
    is_fast: flag('A flag.'),
    password: secret('A password.'),
  };
  const read = (section: Record<string, string>, more: Partial<OptionSources> = {}) =>
    readOptions(
      specs,
      { name: 'a', type: 'demo', environment: {}, section: new Map(Object.entries(section)), ...more },
      'a',
    );

  test('are parsed, secrets revealed, with defaults for what nobody set', () => {
    expect(read({ where: 'x', is_fast: 'true', password: obscure('hunter2'), other: 'ignored' })).toEqual({
      where: 'x',
      chunk_size: 5 * 2 ** 20,
      retries: 3,
      is_fast: true,
      password: 'hunter2',
    });
  });

  test('that are set to nothing in the environment are the default, save text', () => {
    const environment = { RCLONE_CONFIG_A_CHUNK_SIZE: '', RCLONE_DEMO_IS_FAST: '', RCLONE_CONFIG_A_PASSWORD: '' };
    const section = { where: 'x', chunk_size: '1Mi', is_fast: 'true', password: obscure('hunter2') };
    expect(read(section, { environment })).toMatchObject({ chunk_size: 5 * 2 ** 20, is_fast: false, password: '' });
    expect(() => read({ where: 'x' }, { environment: { RCLONE_CONFIG_A_WHERE: '' } })).toThrow('where');
  });

  test.each([
    [{}, 'option where of remote "a" is not set'],
    [{ where: '' }, 'option where of remote "a" is not set'],
    [{ where: 'x', chunk_size: 'big' }, 'option chunk_size of remote "a": bad size "big"'],
    [{ where: 'x', is_fast: 'perhaps' }, 'option is_fast of remote "a": "perhaps" is neither true nor false'],
    [{ where: 'x', password: 'hunter2' }, 'option password of remote "a": not an obscured password'],
  ])('%j are refused', (section, message) => {
    expect(() => read(section)).toThrow(message);
    expect(() => read(section)).not.toThrow('hunter2');
  });

  test('are refused when a connection string names one that does not exist', () => {
    const overrides = new Map([['chunksize', 'hunter2']]);
    const message = 'remote "a" has no option chunksize; demo knows where, chunk_size, retries, is_fast, password';
    expect(() => read({ where: 'x' }, { overrides })).toThrow(message);
  });
});
