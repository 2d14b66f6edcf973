import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { reveal } from '../../src/config/obscure.ts';
import { isFailure } from '../../src/core/failure.ts';
import { silentReport } from '../../src/core/report.ts';
import { type Stack, stackOf } from '../../src/sharing/stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'coffer-stack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const password = 'kAe1aQMiE3FcWmRB_eBTwBFSC0zlNg';

function read(
  config: string,
  {
    environment = {},
    withCredentials = false,
  }: { environment?: Record<string, string>; withCredentials?: boolean } = {},
): Promise<Stack> {
  const parsed = parseConfig(new TextEncoder().encode(config), '/rclone.conf', environment);
  return stackOf('secret', { config: parsed, environment, withCredentials, report: silentReport });
}

async function failure(config: string, environment: Record<string, string> = {}): Promise<string> {
  try {
    await read(config, { environment });
    return 'none';
  } catch (error) {
    if (!isFailure(error)) throw error;
    return error.message;
  }
}

const crypt = (remote: string, more = ''): string =>
  `[secret]\ntype = crypt\nremote = ${remote}\npassword = ${password}\n${more}\n`;
const swift = `[allas]
type = swift
auth = https://pouta.csc.fi:5001/v3
user = kaisa
key = hunter2
tenant = project_2001659
auth_token = gAAAA
application_credential_secret = hush
chunk_size = 64Mi
future_secret = who knows
`;

describe('a share of a remote', () => {
  test('tells its stack down to the store, without the login', async () => {
    const { layers, leftOut } = await read(
      `${crypt('data:')}[data]\ntype = alias\nremote = allas:bucket/dir/\n\n${swift}`,
    );
    expect(layers.map(({ name, type, path }) => [name, type, path])).toEqual([
      ['secret', 'crypt', ''],
      ['data', 'alias', 'bucket/dir'],
      ['allas', 'swift', null],
    ]);
    expect(Object.fromEntries(layers[0]?.options ?? [])).toEqual({ password });
    expect(Object.fromEntries(layers[2]?.options ?? [])).toEqual({
      auth: 'https://pouta.csc.fi:5001/v3',
      tenant: 'project_2001659',
    });
    expect(leftOut).toEqual(
      ['chunk_size', 'future_secret', 'user', 'key', 'auth_token', 'application_credential_secret'].map(
        (o) => `allas: ${o}`,
      ),
    );
  });

  test('tells the login when that is asked for, and still nothing that it does not know', async () => {
    const { layers, leftOut } = await read(crypt('allas:bucket') + swift, { withCredentials: true });
    expect(layers[1]?.options.get('key')).toBe('hunter2');
    expect(leftOut).toEqual(['allas: chunk_size', 'allas: future_secret']);
  });

  test('leaves out an address with a password in it', async () => {
    const config = `${crypt('s3:bucket')}[s3]\ntype = s3\nendpoint = https://me:hunter2@a3s.fi\n`;
    expect((await read(config)).leftOut).toEqual(['s3: endpoint']);
    expect((await read(config)).layers[1]?.options.size).toBe(0);
  });

  test('says no more than the type of a store that coffer does not know', async () => {
    const { layers, leftOut } = await read(`${crypt('box:x')}[box]\ntype = sftp\nhost = h\npass = p\n`);
    expect(layers[1]).toEqual({ name: 'box', type: 'sftp', options: new Map(), path: null });
    expect(leftOut).toEqual(['box: host', 'box: pass']);
  });

  test.each([
    ['a folder', '/data/sealed', ''],
    ['a folder by a remote of type local', 'disk:/data/sealed', '[disk]\ntype = local\nnounc = true\n'],
  ])('does not tell where it lies in %s', async (_, remote, more) => {
    const { layers } = await read(`${crypt(remote)}${more}`);
    expect(layers).toEqual([{ name: 'secret', type: 'crypt', options: new Map([['password', password]]), path: '' }]);
  });

  test('has the values of the environment, which go before those of the file', async () => {
    const environment = { RCLONE_CONFIG_SECRET_FILENAME_ENCRYPTION: 'off', RCLONE_SWIFT_REGION: 'r1' };
    const { layers } = await read(crypt('allas:b', 'filename_encryption = standard') + swift, { environment });
    expect(layers[0]?.options.get('filename_encryption')).toBe('off');
    expect(layers[1]?.options.get('region')).toBe('r1');
  });

  test('has the login from the environment only where the address comes from there too', async () => {
    const own = '[allas]\ntype = swift\nenv_auth = true\n';
    expect((await read(crypt('allas:b') + own)).layers[1]?.options.get('env_auth')).toBe('true');
    const both = await read(`${crypt('allas:b')}${own}auth = https://a.fi/v3\n`);
    expect(Object.fromEntries(both.layers[1]?.options ?? [])).toEqual({ auth: 'https://a.fi/v3' });
  });

  test('has the password that a command or a file tells', async () => {
    const file = join(folder, 'password2');
    writeFileSync(file, 'salt\n', { mode: 0o600 });
    const config = `[secret]\ntype = crypt\nremote = /x\npassword_command = echo potato\npassword2_file = ${file}\n`;
    const { layers, leftOut } = await read(config);
    expect([...(layers[0]?.options ?? [])].map(([option, value]) => [option, reveal(value)])).toEqual([
      ['password', 'potato'],
      ['password2', 'salt'],
    ]);
    expect(leftOut).toEqual([]);
  });

  test('leaves out what an earlier share wrote', async () => {
    expect((await read(crypt('/x', 'share_maker = SHA256:x\nshare_serial = 1'))).leftOut).toEqual([]);
  });
});

describe('a remote is not shared', () => {
  test.each([
    ['that is not there', '', `didn't find section in config file ("secret")`],
    ['whose base is not there', crypt('allas:b'), `didn't find section in config file ("allas")`],
    ['that refers to itself', crypt('secret:b'), 'refers to itself'],
    [
      'whose files people open with their own keys',
      '[secret]\ntype = crypt4gh\nremote = /x\n',
      'coffer recipients secret: add',
    ],
    ['on a connection string', crypt('allas,key=hunter2:b') + swift, 'is over a connection string'],
    ['on one on the fly', crypt(':swift,key=hunter2:b'), 'is over a connection string'],
    [
      'whose password is in the clear',
      `[secret]\ntype = crypt\nremote = /x\npassword = hunter 2\n`,
      'option password of remote "secret": not an obscured password',
    ],
    ['without a password', '[secret]\ntype = crypt\nremote = /x\n', 'option password'],
  ])('%s', async (_, config, message) => {
    const said = await failure(config);
    expect(said).toContain(message);
    expect(said).not.toContain('hunter');
  });
});
