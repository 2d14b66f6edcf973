import { describe, expect, test } from 'vitest';
import type { Token } from '../../src/login/keystone.ts';
import { presets } from '../../src/login/presets.ts';
import { regionsOf, s3EndpointOf, swiftStorageOf } from '../../src/login/storage.ts';
import type { Target } from '../../src/login/target.ts';
import type { Endpoint } from '../../src/remotes/swift/catalogue.ts';

const target: Target = {
  name: 'lab',
  s3Name: 's3lab',
  authUrl: 'https://example.org/v3',
  preset: undefined,
  known: null,
  s3Endpoint: '',
  s3AccessKey: undefined,
};

function tokenWith(catalogue: Readonly<Record<string, readonly Endpoint[]>>): Token {
  const named = { id: '1', name: 'x', domain: 'Default' };
  return {
    value: 't',
    user: named,
    project: named,
    roles: [],
    expires: null,
    endpoints: (type) => catalogue[type] ?? [],
  };
}

const inRegion = (region: string, url: string): Endpoint => ({ interface: 'public', region, url });
const swift = [
  inRegion('north', 'https://n.example.org/v1/AUTH_1/'),
  inRegion('south', 'https://s.example.org/v1/AUTH_1'),
];

describe('the storage of a project', () => {
  test('is that of the region, or the first one', () => {
    const token = tokenWith({ 'object-store': swift });
    expect(swiftStorageOf(token, target, '')).toBe('https://n.example.org/v1/AUTH_1');
    expect(swiftStorageOf(token, target, 'south')).toBe('https://s.example.org/v1/AUTH_1');
    expect(regionsOf(token)).toEqual(['north', 'south']);
  });

  test('is missed where the catalogue has none', () => {
    expect(() => swiftStorageOf(tokenWith({}), target, '')).toThrow(/offers no object storage/);
  });

  test.each(['file:///etc', 'https://x/\u001b[2J', 'https://a b', ''])('is not taken where it is %j', (url) => {
    expect(() => swiftStorageOf(tokenWith({ 'object-store': [inRegion('north', url)] }), target, '')).toThrow();
  });
});

describe('the S3 of a project', () => {
  const token = tokenWith({ 'object-store': swift, s3: [inRegion('south', 'https://s3.example.org:8080/x')] });

  test('stays what the remote has', () => {
    expect(s3EndpointOf(token, { ...target, s3Endpoint: 'here', preset: presets.get('allas') }, '')).toBe('here');
  });

  test('is what is known of the site', () => {
    expect(s3EndpointOf(token, { ...target, preset: presets.get('allas') }, '')).toBe('a3s.fi');
  });

  test('is what the catalogue says, or else the server of its Swift', () => {
    expect(s3EndpointOf(token, target, '')).toBe('https://s3.example.org:8080');
    expect(s3EndpointOf(token, target, 'north')).toBe('https://n.example.org');
  });
});
