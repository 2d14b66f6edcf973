import { describe, expect, test } from 'vitest';
import { editConfig } from '../../src/config/draft.ts';
import { isFailure } from '../../src/core/failure.ts';
import { newKeyPair } from '../../src/crypto/x25519.ts';
import { newShare, renewShare } from '../../src/sharing/changes.ts';
import type { ShareDocument, ShareLayer } from '../../src/sharing/document.ts';
import { applyPlan, type JoinPlan, type JoinRequest, pinOf, planJoin } from '../../src/sharing/join-plan.ts';

const maker = newKeyPair();
const other = newKeyPair();

const layer = (name: string, type: string, path: string | null, options: Record<string, string> = {}): ShareLayer => ({
  name,
  type,
  path,
  options: new Map(Object.entries(options)),
});
const crypt = layer('allas-crypt', 'crypt', '2001659-crypt', { password: 'new' });
const allas = layer('allas', 'swift', null, { auth: 'https://pouta.csc.fi:5001/v3' });

const shareOf = (layers: readonly ShareLayer[], by = maker): ShareDocument =>
  newShare({ maker: by, label: 'kaisa', recipients: [], layers, now: new Date(1_000_000_000), lastSerial: 0 });
const share = shareOf([crypt, allas]);

type Given = Partial<Omit<JoinRequest, 'accepted'>> & { maker?: string; older?: boolean };

function plan(config: string, { maker: accepted, older = false, ...given }: Given = {}): JoinPlan {
  const request: JoinRequest = {
    share,
    name: undefined,
    base: undefined,
    foundAt: undefined,
    foundBy: undefined,
    environment: {},
    accepted: { maker: accepted, older },
    ...given,
  };
  return planJoin(request, editConfig(Buffer.from(config), '/rclone.conf'));
}

function refusal(config: string, given: Given = {}): string {
  try {
    plan(config, given);
    return 'none';
  } catch (error) {
    if (!isFailure(error)) throw error;
    return `${error.kind}: ${error.message}`;
  }
}

/** `allas-crypt on allas:2001659-crypt`, and the kinds of change. */
function standing({ changes }: JoinPlan): string[] {
  return changes.map(({ section, kind, values }) => {
    const remote = new Map(values).get('remote');
    return `${kind} ${section}${remote === undefined ? '' : ` on ${remote}`}`;
  });
}

const pinned = (serial: number, by = share, place = '2001659-crypt'): string =>
  `share_maker = ${pinOf(by).maker}\nshare_serial = ${serial}\nshare_place = ${place}\n`;
const joined = (remote: string, pin = pinned(share.serial)): string => joinedAs('allas-crypt', remote, pin);
const joinedAs = (name: string, remote: string, pin = pinned(share.serial)): string =>
  `[${name}]\ntype = crypt\nremote = ${remote}\npassword = old\n${pin}`;
const own = '[allas]\ntype = swift\nenv_auth = true\n';

describe('a joined remote stands', () => {
  test.each<[string, string, Given, string[]]>([
    ["on the site's remote of the same name and type", own, {}, ['new allas-crypt on allas:2001659-crypt']],
    [
      'on the store of the share, where the site has none',
      '',
      {},
      ['new allas-crypt on allas:2001659-crypt', 'new allas'],
    ],
    ["on the site's other remote", own, { base: 'mine:' }, ['new allas-crypt on mine:2001659-crypt']],
    [
      "on the bucket that one of the site's aliases leads to",
      '[bucket]\ntype = alias\nremote = allas:2001659-crypt\n',
      { base: 'bucket:' },
      ['new allas-crypt on bucket:'],
    ],
    [
      "on the store that one of the site's aliases leads to",
      '[store]\ntype = alias\nremote = mine:\n',
      { base: 'store:' },
      ['new allas-crypt on store:2001659-crypt'],
    ],
    ["on the site's place", own, { base: 'mine:x/y' }, ['new allas-crypt on mine:x/y']],
    ['in a folder', own, { base: '/mnt/sealed' }, ['new allas-crypt on /mnt/sealed']],
    [
      'where the share was found',
      '',
      { foundAt: { spec: 'mine:2001659-crypt', path: '2001659-crypt' } },
      ['new allas-crypt on mine:2001659-crypt'],
    ],
    [
      'where the share was found, by an alias of it',
      '',
      { foundAt: { spec: 'mine:', path: '2001659-crypt' } },
      ['new allas-crypt on mine:'],
    ],
    [
      'where the share was found, in a folder',
      '',
      { foundAt: { spec: '/mnt/x', path: null } },
      ['new allas-crypt on /mnt/x'],
    ],
    ['where it stood before', own + joined('mine:2001659-crypt'), {}, ['update allas-crypt on mine:2001659-crypt']],
    [
      'where the share says, when that has changed',
      own + joined('mine:old', pinned(1, share, 'old')),
      {},
      ['update allas-crypt on allas:2001659-crypt'],
    ],
    ['under another name', own, { name: 'b' }, ['new b on allas:2001659-crypt']],
    [
      'under the name that it got before, when found by that',
      own + joinedAs('b', 'allas:2001659-crypt'),
      { foundBy: 'b' },
      ['update b on allas:2001659-crypt'],
    ],
    [
      'under the name that it got before, when found where that stands',
      own + joinedAs('b', 'allas:2001659-crypt'),
      { foundAt: { spec: 'allas:2001659-crypt', path: '2001659-crypt' } },
      ['update b on allas:2001659-crypt'],
    ],
    [
      "under its maker's name, where the other one is from another place",
      own + joinedAs('b', 'allas:x', pinned(share.serial, share, 'x')),
      { foundBy: 'b' },
      ['new allas-crypt on allas:2001659-crypt'],
    ],
    [
      "in place of a remote of the site's",
      `${own}[allas-crypt]\ntype = crypt\n`,
      {},
      ['replace allas-crypt on allas:2001659-crypt'],
    ],
    [
      'on an alias',
      own,
      { share: shareOf([layer('c', 'crypt', 'x'), layer('data', 'alias', 'b/y'), allas]) },
      ['new c on data:x', 'new data on allas:b/y'],
    ],
    [
      'on an alias that is there',
      `${own}[data]\ntype = alias\nremote = allas:b/y\n`,
      { share: shareOf([layer('c', 'crypt', 'x'), layer('data', 'alias', 'b/y'), allas]) },
      ['new c on data:x'],
    ],
    [
      'on no alias, where the place is told',
      own,
      { base: '/z', share: shareOf([layer('c', 'crypt', 'x'), layer('data', 'alias', 'b/y'), allas]) },
      ['new c on /z'],
    ],
    [
      'on another crypt',
      own,
      { base: '/z', share: shareOf([layer('c', 'crypt', 'x'), layer('d', 'crypt', 'y'), allas]) },
      ['new c on d:x', 'new d on /z'],
    ],
    [
      'on a store that coffer does not know',
      '[box]\ntype = sftp\n',
      { share: shareOf([crypt, layer('box', 'sftp', null)]) },
      ['new allas-crypt on box:2001659-crypt'],
    ],
  ])('%s', (_, config, given, expected) => {
    expect(standing(plan(config, given))).toEqual(expected);
  });

  test('on a remote that only the environment defines', () => {
    expect(standing(plan('', { environment: { RCLONE_CONFIG_ALLAS_TYPE: 'swift' } }))).toEqual([
      'new allas-crypt on allas:2001659-crypt',
    ]);
  });

  test.each<[string, string, Given, string]>([
    ['another type of store', '[allas]\ntype = s3\n', {}, 'usage: your remote "allas" is another store'],
    [
      'another address',
      '[allas]\ntype = swift\nauth = https://else.fi/v3\n',
      {},
      'usage: your remote "allas" is another store',
    ],
    [
      'a folder that nobody named',
      '',
      { share: shareOf([layer('c', 'crypt', '')]) },
      'usage: the shared remote lies in a folder: say where this site has it with --base',
    ],
    [
      'a store that says no more than its type',
      '',
      { share: shareOf([crypt, layer('box', 'sftp', null)]) },
      'usage: the share needs a store of type "sftp"',
    ],
    [
      'another bucket than the share says',
      '',
      { foundAt: { spec: 'mine:other', path: 'other' } },
      'denied: the share in mine:other was made for another place, "2001659-crypt"',
    ],
  ])('not on %s', (_, config, given, message) => {
    expect(refusal(config, given)).toContain(message);
  });

  test('in another bucket when the user says so', () => {
    const foundAt = { spec: 'mine:other', path: 'other' };
    expect(standing(plan('', { foundAt, base: 'mine:other' }))).toEqual(['new allas-crypt on mine:other']);
  });
});

describe('a store of the share', () => {
  test('without a login is told', () => {
    expect(plan('').withoutLogin).toBe('allas');
    expect(plan(own).withoutLogin).toBe(null);
  });

  test('with a login is not', () => {
    const withKey = layer('allas', 'swift', null, { user: 'u', key: 'k' });
    expect(plan('', { share: shareOf([crypt, withKey]) }).withoutLogin).toBe(null);
  });

  test.each(['allas.eu', 'a'])('does not get options of a remote whose name begins alike (%s)', (name) => {
    const share = shareOf([crypt, layer('a.b', 'swift', null, { auth: 'https://evil.example/v3' })]);
    const config = name === 'a' ? '[a]\ntype = swift\nkey = hunter2\n' : '[a.b.c]\ntype = swift\nkey = hunter2\n';
    expect(refusal(config, { share })).toContain('would take options from each other');
  });
});

describe('a login in the environment', () => {
  test.each(['RCLONE_SWIFT_KEY', 'RCLONE_SWIFT_ENV_AUTH', 'RCLONE_CONFIG_ALLAS_AUTH_TOKEN'])(
    'does not go to the address of a share (%s)',
    (variable) => {
      const environment = { [variable]: 'true' };
      expect(refusal('', { environment })).toContain('that login would go to the address that the share names');
      expect(refusal(own, { environment })).toBe('none');
      expect(refusal('', { environment, base: 'mine:' })).toBe('none');
    },
  );
});

describe('what a site remembers', () => {
  test('is the maker, the serial and the place', () => {
    const values = new Map(plan(own).changes[0]?.values);
    expect(values.get('share_maker')).toMatch(/^SHA256:[\w+/]{43}$/);
    expect(values.get('share_serial')).toBe('1000000');
    expect(values.get('share_place')).toBe('2001659-crypt');
  });

  const theirs = shareOf([crypt, allas], other);
  const config = own + joined('allas:2001659-crypt');
  test.each<[string, string, Given, string]>([
    [
      'another maker',
      config,
      { share: theirs },
      'denied: the share for "allas-crypt" is signed by another key than before',
    ],
    [
      'an older share',
      own + joined('allas:2001659-crypt', pinned(share.serial + 1)),
      {},
      'denied: the share for "allas-crypt" is older than the last one',
    ],
    [
      'another maker than the one that was compared',
      own,
      { maker: 'SHA256:x' },
      'denied: the share was signed by SHA256:',
    ],
    [
      'another maker than the one that was compared, in place of a third',
      config,
      { share: theirs, maker: pinOf(share).maker },
      'denied: the share was signed by SHA256:',
    ],
    [
      'another maker when only an older share was accepted',
      config,
      { share: theirs, older: true },
      'signed by another key',
    ],
    [
      'another maker under another name, where a joined remote stands',
      config,
      {
        share: shareOf([{ ...crypt, name: 'evil' }, allas], other),
        foundAt: { spec: 'allas:2001659-crypt', path: '2001659-crypt' },
      },
      'denied: the share for "allas-crypt" is signed by another key than before',
    ],
    [
      'another maker under another name, found by the joined remote',
      config,
      { share: shareOf([{ ...crypt, name: 'evil' }, allas], other), foundBy: 'allas-crypt' },
      'denied: the share for "allas-crypt" is signed by another key than before',
    ],
    [
      'an older share when only its maker was accepted',
      own + joined('allas:2001659-crypt', pinned(share.serial + 1)),
      { maker: pinOf(share).maker },
      'older than the last one',
    ],
  ])('refuses %s', (_, text, given, message) => {
    expect(refusal(text, given)).toContain(message);
  });

  test.each<[string, string, Given]>([
    ['a newer share', config, { share: renewShare(share, {}, new Date()) }],
    ['the same once more', config, {}],
    ['an older one that is accepted', own + joined('allas:2001659-crypt', pinned(share.serial + 1)), { older: true }],
    ['another maker who is accepted', config, { share: theirs, maker: pinOf(theirs).maker }],
    ['the same maker, compared', config, { maker: pinOf(share).maker }],
    ['another maker under another name', config, { share: theirs, name: 'b' }],
  ])('lets in %s', (_, text, given) => {
    expect(refusal(text, given)).toBe('none');
  });
});

describe('what is written', () => {
  function write(config: string, given: Given = {}): string {
    const draft = editConfig(Buffer.from(config), '/rclone.conf');
    applyPlan(plan(config, given), draft);
    return Buffer.from(draft.bytes()).toString();
  }
  const pin = pinned(share.serial);

  test('leaves the rest of the config as it is', () => {
    const text = write(`# mine\n${own}\n`);
    expect(text.startsWith(`# mine\n${own}\n`)).toBe(true);
    expect(text).toContain(`[allas-crypt]\ntype = crypt\nremote = allas:2001659-crypt\npassword = new\n${pin}`);
  });

  test('takes the place of all that the last share wrote', () => {
    const text = write(own + joined('allas:2001659-crypt', `no_data_encryption = true\n${pin}`));
    expect(text).not.toContain('no_data_encryption');
    expect(text).toContain('password = new');
  });

  test('is nothing when all is there', () => {
    const text = write(own);
    expect(plan(text).changes).toEqual([]);
    expect(write(text)).toBe(text);
  });
});
