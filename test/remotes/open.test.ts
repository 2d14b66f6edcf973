import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openConfigFile } from '../../src/config/config-file.ts';
import { obscure } from '../../src/config/obscure.ts';
import type { TransportSettings } from '../../src/core/backend.ts';
import { collect, sourceOf } from '../../src/core/bytes.ts';
import { createOpener, type Opener } from '../../src/remotes/open.ts';
import { backendTypes, loadBackend } from '../../src/remotes/table.ts';
import { recordingReport, testFolder, writeConfig } from '../config/rclone.ts';
import { run } from '../servers/run.ts';
import { transportSettings } from './settings.ts';

const folder = testFolder('open');
const settings: TransportSettings = {
  ...transportSettings,
  lowLevelRetries: 10,
  connectTimeout: 60_000,
  timeout: 300_000,
  userAgent: 'coffer',
};

interface Setup {
  readonly environment?: Record<string, string>;
  readonly flags?: Record<string, string>;
}

let opener: Opener | undefined;
afterEach(async () => {
  await opener?.[Symbol.asyncDispose]();
  opener = undefined;
});

/** An opener over a config of this text, closed when the test ends. */
async function openerOf(text: string, { environment = {}, flags = {} }: Setup = {}, report = recordingReport()) {
  const path = writeConfig(folder, text);
  const config = await openConfigFile({ path, passwordCommand: undefined, prompt: null, environment, report }).read();
  opener = createOpener({ config, report, environment, settings, flags: new Map(Object.entries(flags)) });
  return opener;
}

const password = obscure('hunter2');
const stack = `
[store]
type = memory
[sub]
type = alias
remote = store:bucket/sub
[sealed]
type = crypt
remote = sub:deep
password = ${password}
[A b.c-d_e@f+g]
type = alias
remote = ${folder}
`;

describe('a location', () => {
  test.each([
    ['store:', ''],
    ['store:bucket/a', 'bucket/a'],
    ['store:/bucket//a/./b/../c/', 'bucket/a/c'],
    ['sub:', 'bucket/sub'],
    ['sub:/x/', 'bucket/sub/x'],
    ['sealed:x/y', 'x/y'],
    ['/', ''],
    ['/a/../b/', 'b'],
    [folder, folder.slice(1)],
    ['a/b', join(process.cwd(), 'a/b').slice(1)],
    ['./a:b', join(process.cwd(), 'a:b').slice(1)],
    [':local:a', join(process.cwd(), 'a').slice(1)],
    ['A b.c-d_e@f+g:x', join(folder, 'x').slice(1)],
  ])('%j has the path %j', async (spec, path) => {
    expect((await (await openerOf(stack)).location(spec)).path).toBe(path);
  });

  test('above the root of a remote is refused', async () => {
    await expect((await openerOf(stack)).location('sub:../other')).rejects.toMatchObject({ kind: 'usage' });
  });
});

describe('one remote is opened', () => {
  test('for equal specs, at once or one after another, by an alias or directly', async () => {
    const { location } = await openerOf(stack);
    const specs = ['store:', 'store:bucket', 'sub:x', 'sub:', 'store:'];
    const atOnce = await Promise.all(specs.map((spec) => location(spec)));
    const after = await location('store:z');
    for (const { remote } of atOnce) expect(remote).toBe(after.remote);
  });

  test('for paths and sections of type local', async () => {
    const { location } = await openerOf(stack);
    expect((await location('A b.c-d_e@f+g:')).remote).toBe((await location('/')).remote);
  });

  test('for equal overrides, another for other ones', async () => {
    const { location } = await openerOf(stack);
    const remote = async (spec: string) => (await location(spec)).remote;
    expect(await remote('sealed,filename_encryption=off,strict_names:')).toBe(
      await remote('sealed,strict_names=true,filename_encryption="off":x'),
    );
    expect(await remote('sealed,filename_encryption=off:')).not.toBe(await remote('sealed:'));
  });

  test('and tried again after it failed', async () => {
    const { location } = await openerOf('[a]\ntype = crypt\nremote = b:\n');
    await expect(location('a:')).rejects.toThrow('option password of remote "a" is not set');
    await expect(location('a:')).rejects.toThrow('option password of remote "a" is not set');
  });
});

test('layers read through their bases what was written through them', async () => {
  const { location } = await openerOf(stack);
  const { remote } = await location('sealed:');
  await remote.write('a.txt', sourceOf(Buffer.from('hello')), {});
  expect(Buffer.from(await collect(remote.read('a.txt'))).toString()).toBe('hello');
  const { remote: store } = await location('store:');
  const names: string[] = [];
  for await (const page of store.list('bucket/sub/deep')) names.push(...page.map((entry) => entry.path));
  expect(names).toHaveLength(1);
  expect(names[0]).toMatch(/^bucket\/sub\/deep\/[0-9a-v]{26}$/);
});

test('a remote may exist in the environment alone, or in its spec', async () => {
  const environment = { RCLONE_CONFIG_MINE_TYPE: 'alias', RCLONE_CONFIG_MINE_REMOTE: 'store:env' };
  const { location } = await openerOf('', { environment: { ...environment, RCLONE_CONFIG_STORE_TYPE: 'memory' } });
  expect((await location('mine:x')).path).toBe('env/x');
  expect((await location(':alias,remote="store:b":x')).path).toBe('b/x');
  expect((await location('new,type=memory:x')).path).toBe('x');
});

test('flags set options of every remote of the type', async () => {
  const { location } = await openerOf(stack, { flags: { 'alias-remote': 'store:flagged' } });
  expect((await location('sub:x')).path).toBe('flagged/x');
});

test('all is closed once, layers before their bases, even where one cannot be', async () => {
  const opener = await openerOf(stack);
  const closed: string[] = [];
  for (const name of ['store', 'sealed']) {
    const { remote } = await opener.location(`${name}:`);
    vi.spyOn(remote, Symbol.asyncDispose).mockImplementation(async () => {
      closed.push(name);
      if (name === 'sealed') throw new Error('stuck');
    });
  }
  await expect(opener[Symbol.asyncDispose]()).rejects.toThrow('stuck');
  await opener[Symbol.asyncDispose]();
  expect(closed).toEqual(['sealed', 'store']);
});

describe('a remote that wraps itself is refused', () => {
  const circles = `
[self]
type = alias
remote = self:x
[a]
type = alias
remote = b:
[b]
type = crypt
password = ${password}
remote = c:x
[c]
type = alias
remote = a:
[over]
type = crypt
password = ${password}
remote = over:
[outer]
type = alias
remote = a:
`;
  test.each([
    ['self:', 'alias remote "self" wraps itself: self → self'],
    ['a:', 'alias remote "a" wraps itself: a → b → c → a'],
    ['b:', 'crypt remote "b" wraps itself: b → c → a → b'],
    ['outer:', 'alias remote "a" wraps itself: a → b → c → a'],
    ['self,remote="self:y":', 'alias remote "self" wraps itself: self → self'],
    [`over,password=${password}:`, 'crypt remote "over" wraps itself: over → over'],
    [':alias,remote="b:":', 'crypt remote "b" wraps itself: b → c → a → b'],
  ])('%s', async (spec, message) => {
    const { location } = await openerOf(circles);
    for (let i = 0; i < 2; i++) await expect(location(spec)).rejects.toThrow(message);
  });

  test('also when its parts are opened at once', async () => {
    const { location } = await openerOf(circles);
    const opened = await Promise.allSettled(['a:', 'b:', 'c:', 'outer:'].map((spec) => location(spec)));
    for (const result of opened) {
      expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'usage' } });
    }
  });
});

describe('a spec is refused, as by rclone,', () => {
  test.each([
    ['of a remote that does not exist', '', 'nope:x', `didn't find section in config file ("nope")`],
    ['of a section without a type', '[a]\nx = 1\n', 'a:', 'remote "a" has no type in the config file'],
    ['of an unknown type', '[a]\ntype = ftp\n', 'a:', `didn't find backend called "ftp": the types are alias, crypt,`],
    ['of an unknown type on the fly', '', ':ftp:x', `didn't find backend called "ftp"`],
    ['without a required option', '[a]\ntype = alias\n', 'a:', 'option remote of remote "a" is not set'],
    [
      'with a password that is not obscured',
      '[a]\ntype = crypt\nremote = /tmp\npassword = secretword!\n',
      'a:',
      'option password of remote "a": not an obscured password',
    ],
    ['with a base that does not exist', '[a]\ntype = alias\nremote = nope:\n', 'a:', `section in config file ("nope")`],
  ])('%s', async (_, text, spec, message) => {
    const { location } = await openerOf(text);
    await expect(location(spec)).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining(message) });
    await expect(location(spec)).rejects.not.toThrow('secretword');
    const peer = await run('rclone', ['lsf', spec, '--config', writeConfig(folder, text)]);
    expect(peer.code).toBe(1);
  });

  test('with an option that its type does not have', async () => {
    const { location } = await openerOf(stack);
    const spec = 'sealed,filename_encription=off:';
    await expect(location(spec)).rejects.toThrow('remote "sealed{…}" has no option filename_encription; crypt knows ');
  });
});

test('a folder that shares its name with a remote is pointed out', async () => {
  const report = recordingReport();
  const { location } = await openerOf(stack, {}, report);
  await location('./sub');
  expect(report.lines).toEqual([]);
  await location('sub');
  const hint = '"sub" refers to a local folder, use "sub:" for the remote or "./sub" to hide this';
  expect(report.lines).toEqual([`notice : ${hint}`]);
  mkdirSync(join(folder, 'sub'));
  const config = writeConfig(folder, stack);
  expect((await run('rclone', ['lsf', 'sub', '--config', config], { cwd: folder })).stderr).toContain(
    hint.slice(0, 42),
  );
});

test.each(backendTypes)('type %s has options that parse as they stand by default', async (type) => {
  const backend = await loadBackend(type);
  expect(backend.type).toBe(type);
  for (const spec of Object.values(backend.options)) spec.parse(spec.default);
});
