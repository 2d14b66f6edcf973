import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { concat } from '../../src/core/bytes.ts';
import { isFailure } from '../../src/core/failure.ts';
import { keyPairOf, newKeyPair } from '../../src/crypto/x25519.ts';
import { openBytes, sealBytes } from '../../src/formats/crypt4gh/file.ts';
import { fingerprint } from '../../src/formats/crypt4gh/fingerprint.ts';
import { unwrapArmour, wrapArmour } from '../../src/sharing/armour.ts';
import { findRecipients, isMaker, newShare, renewShare, withRecipients } from '../../src/sharing/changes.ts';
import { decodeDocument, encodeDocument, type ShareDocument } from '../../src/sharing/document.ts';
import { openShare, sealShare } from '../../src/sharing/share.ts';
import { isSignedBy, signingKeyOf } from '../../src/sharing/signing.ts';

const [maker, site, stranger] = [newKeyPair(), newKeyPair(), newKeyPair()];
const layers: ShareDocument['layers'] = [
  { name: 'allas-crypt', type: 'crypt', options: new Map([['password', 'abc']]), path: '2001659-crypt' },
  { name: 'allas', type: 'swift', options: new Map(), path: null },
];
const share = newShare({
  maker,
  label: 'kaisa',
  recipients: [{ publicKey: site.public, label: 'site A' }],
  layers,
  now: new Date('2026-01-02T03:04:05Z'),
  lastSerial: 0,
});

/** The kind and message of what it throws. */
function failureOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isFailure(error)) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'none';
}

/** Signs and seals any bytes as a share, as someone with our code could. */
function forge(data: Uint8Array, { signer = maker, to = [site.public] } = {}): string {
  return wrapArmour(sealBytes(concat([signingKeyOf(signer.secret).sign(data), data]), to));
}

function json(change: (document: Record<string, unknown>) => void): Uint8Array {
  const document = JSON.parse(new TextDecoder().decode(encodeDocument(share)));
  change(document);
  return new TextEncoder().encode(JSON.stringify(document));
}

describe('a share', () => {
  test.each([
    ['a recipient', site],
    ['its maker', maker],
  ])('is opened by %s', (_, reader) => {
    expect(openShare(sealShare(share, maker), reader)).toEqual(share);
  });

  test('names neither its maker nor a recipient in the clear', () => {
    const sealed = Buffer.from(unwrapArmour(sealShare(share, maker)));
    for (const { public: key } of [maker, site]) expect(sealed.includes(Buffer.from(key))).toBe(false);
  });

  test('is refused to others, who learn which key they have', () => {
    const message = failureOf(() => openShare(sealShare(share, maker), stranger));
    expect(message).toContain('denied: the share is not sealed to your key');
    expect(message).toContain(fingerprint(stranger.public));
  });

  test('is refused when any part of it was cut or changed', () => {
    const sealed = unwrapArmour(sealShare(share, maker));
    const changes = [
      ...Array.from({ length: sealed.length }, (_, i) => sealed.map((byte, at) => (at === i ? byte ^ 1 : byte))),
      ...Array.from({ length: sealed.length }, (_, length) => sealed.subarray(0, length)),
    ];
    for (const changed of changes) {
      let opened: ShareDocument | null = null;
      try {
        opened = openShare(wrapArmour(changed), site);
      } catch (error) {
        if (!isFailure(error)) throw error;
      }
      // The packet of another recipient may be damaged: ours says the same.
      if (opened) expect(opened).toEqual(share);
    }
  });

  test('is refused when another recipient put other content under its header', () => {
    const sealed = unwrapArmour(sealShare(share, maker));
    const { plain } = openBytes(sealed, site);
    const changed = plain.slice();
    changed[plain.length - 20] = (changed[plain.length - 20] ?? 0) ^ 1;
    const text = wrapArmour(sealBytes(changed, [site.public]));
    expect(failureOf(() => openShare(text, site))).toMatch(/^corrupt/);
  });

  test('is refused when somebody else signed it in the name of its maker', () => {
    const text = forge(encodeDocument(share), { signer: stranger });
    expect(failureOf(() => openShare(text, site))).toContain('corrupt: the share is not what its maker signed');
  });

  test('is refused to whom a recipient passed it on', () => {
    const { plain } = openBytes(unwrapArmour(sealShare(share, maker)), site);
    const passedOn = wrapArmour(sealBytes(plain, [stranger.public]));
    expect(failureOf(() => openShare(passedOn, stranger))).toContain('denied: somebody else passed on a share');
  });

  test.each<[string, Uint8Array, string]>([
    ['no JSON', new TextEncoder().encode('{'), 'corrupt: the share is not JSON'],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'corrupt: the share is not JSON'],
    ['a list', new TextEncoder().encode('[]'), 'corrupt: the share is damaged: share is not an object'],
    ['another version', json((to) => Object.assign(to, { coffer_share: 2 })), 'unsupported: the share has version 2'],
    ['no version', json((to) => delete to.coffer_share), 'corrupt'],
    [
      'a fractional serial',
      json((to) => Object.assign(to, { serial: 1.5 })),
      'corrupt: the share is damaged: share.serial',
    ],
    [
      'an endless serial',
      json((to) => Object.assign(to, { serial: 1e300 })),
      'corrupt: the share is damaged: share.serial',
    ],
    ['a short key', json((to) => Object.assign(to, { maker: { signing_key: 'AA==' } })), 'share.maker.signing_key'],
    ['recipients that are none', json((to) => Object.assign(to, { recipients: [7] })), 'share.recipients[0]'],
    [
      'a number for an option',
      json((to) => Object.assign(to, { layers: [{ name: 'a', type: 'crypt', options: { x: 1 }, path: '' }] })),
      'share.layers[0].options',
    ],
    [
      'countless layers',
      json((to) => Object.assign(to, { layers: Array(17).fill({}) })),
      'share.layers is not a list of up to 16',
    ],
    [
      'countless bytes',
      json((to) => Object.assign(to, { more: 'x'.repeat(1 << 19) })),
      'corrupt: the share is too large',
    ],
  ])('is refused as a document with %s', (_, data, message) => {
    expect(failureOf(() => openShare(forge(data), site))).toContain(message);
  });

  test('may have fields of a later version', () => {
    const data = json((document) => Object.assign(document, { more: { to: 'come' }, ['__proto__']: { serial: 9 } }));
    expect(decodeDocument(data)).toEqual(share);
  });

  test('of more than a megabyte is not looked at', () => {
    expect(failureOf(() => openShare('x'.repeat((1 << 20) + 1), site))).toContain('too long');
  });
});

test('a share of the first version opens for ever', () => {
  const text = readFileSync(join(import.meta.dirname, '../vectors/coffer-share/v1.share'), 'utf8');
  const opened = openShare(text, keyPairOf(new Uint8Array(32).fill(2)));
  expect(opened.maker.publicKey).toEqual(keyPairOf(new Uint8Array(32).fill(1)).public);
  expect(opened).toMatchObject({ serial: 1767323045, created: '2026-01-02T03:04:05.000Z' });
  expect(opened.recipients.map(({ label }) => label)).toEqual(['Kaisa, Helsinki', 'turku']);
  const password = 'kAe1aQMiE3FcWmRB_eBTwBFSC0zlNg';
  expect(opened.layers).toEqual([
    {
      name: 'allas-crypt',
      type: 'crypt',
      options: new Map(Object.entries({ filename_encryption: 'standard', password })),
      path: '2001659-crypt',
    },
    { name: 'allas', type: 'swift', options: new Map([['auth', 'https://pouta.csc.fi:5001/v3']]), path: null },
  ]);
});

describe('a signing key', () => {
  test('is derived from the Crypt4GH key, the same each time', () => {
    // HKDF-SHA256 and Ed25519 as Python's cryptography 48 computes them.
    const { publicKey } = signingKeyOf(keyPairOf(Uint8Array.from({ length: 32 }, (_, i) => i)).secret);
    expect(Buffer.from(publicKey).toString('hex')).toBe(
      '8128abd63637643a680861a39d47f3362b033354d4a00db5511ccaa40b062293',
    );
  });

  test('signs these bytes and no others', () => {
    const key = signingKeyOf(maker.secret);
    const data = Uint8Array.of(1, 2, 3);
    expect(isSignedBy(key.publicKey, data, key.sign(data))).toBe(true);
    expect(isSignedBy(key.publicKey, Uint8Array.of(1, 2, 4), key.sign(data))).toBe(false);
    expect(isSignedBy(signingKeyOf(site.secret).publicKey, data, key.sign(data))).toBe(false);
    expect(isSignedBy(key.publicKey, data, new Uint8Array(0))).toBe(false);
  });
});

describe('a change of a share', () => {
  const later = new Date('2026-01-02T03:04:06Z');

  test('raises its serial, whatever the clock says', () => {
    expect(share.serial).toBe(Date.parse('2026-01-02T03:04:05Z') / 1000);
    expect(renewShare(share, {}, later).serial).toBe(share.serial + 1);
    expect(renewShare(share, {}, new Date(0)).serial).toBe(share.serial + 1);
    const again = newShare({ maker, label: '', recipients: [], layers, now: new Date(0), lastSerial: share.serial });
    expect(again.serial).toBe(share.serial + 1);
  });

  test('is the business of the key that signed it', () => {
    expect(isMaker(share, maker)).toBe(true);
    expect(isMaker(share, site)).toBe(false);
  });

  test('adds nobody twice', () => {
    const more = [
      { publicKey: site.public, label: 'again' },
      { publicKey: stranger.public, label: 'new' },
    ];
    expect(withRecipients(share.recipients, more).map(({ label }) => label)).toEqual(['kaisa', 'site A', 'new']);
  });

  test.each([
    ['label', 'site A'],
    ['fingerprint', fingerprint(site.public)],
    ['the beginning of one', fingerprint(site.public).slice(0, 20)],
  ])('finds a recipient by %s', (_, word) => {
    expect(findRecipients(share, [word])).toEqual([share.recipients[1]]);
  });

  test.each([
    ['nobody', 'site B', 'nobody who can open the share is called "site B"'],
    ['too little of a fingerprint', 'SHA256:', 'nobody who'],
    ['the maker', 'kaisa', 'the maker of a share cannot be taken out'],
  ])('refuses %s', (_, word, message) => {
    expect(failureOf(() => findRecipients(share, [word]))).toContain(`usage: ${message}`);
  });

  test('asks for the fingerprint where two have one label', () => {
    const twice = { ...share, recipients: [...share.recipients, { publicKey: stranger.public, label: 'site A' }] };
    expect(failureOf(() => findRecipients(twice, ['site A']))).toContain('give the fingerprint');
  });
});
