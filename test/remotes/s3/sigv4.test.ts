import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSigner, presignedQuery, uriEncode, uriEncodePath } from '../../../src/remotes/s3/sigv4.ts';

// The worked examples of the S3 API reference: "Signature Calculations for the Authorization Header".
const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const noon = Date.UTC(2013, 4, 24);
const host = 'examplebucket.s3.amazonaws.com';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const examples = [
  {
    name: 'GET of a range',
    request: {
      method: 'GET',
      path: '/test.txt',
      query: '',
      headers: { host, range: 'bytes=0-9' },
      payload: sha256(''),
    },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    name: 'PUT of an object with a strange name',
    request: {
      method: 'PUT',
      path: `/${uriEncodePath('test$file.text')}`,
      query: '',
      headers: { host, date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      payload: sha256('Welcome to Amazon S3.'),
    },
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    name: 'GET of a subresource',
    request: { method: 'GET', path: '/', query: 'lifecycle=', headers: { host }, payload: sha256('') },
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    name: 'a listing',
    request: { method: 'GET', path: '/', query: 'max-keys=2&prefix=J', headers: { host }, payload: sha256('') },
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
];

describe('AWS Signature Version 4', () => {
  test.for(examples)('$name is signed as in the reference', ({ request, signature }) => {
    const signed = createSigner('us-east-1')(request, keys, noon);
    expect(signed.authorization).toContain(`Signature=${signature}`);
    expect(signed.authorization).toContain(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,',
    );
    expect(signed['x-amz-date']).toBe('20130524T000000Z');
  });

  test('one signer follows the day, the second and the keys', () => {
    const sign = createSigner('us-east-1');
    const request = { method: 'GET', path: '/', query: '', headers: { host }, payload: sha256('') };
    const fresh = (when: number, key = keys) => createSigner('us-east-1')(request, key, when).authorization;
    const other = { accessKeyId: 'other', secretAccessKey: 'secret', sessionToken: 'token' };
    for (const when of [noon, noon + 999, noon + 1000, noon + 86_400_000, noon]) {
      expect(sign(request, keys, when).authorization).toBe(fresh(when));
      expect(sign(request, other, when).authorization).toBe(fresh(when, other));
    }
    expect(sign(request, other, noon)['x-amz-security-token']).toBe('token');
    expect(sign(request, other, noon).authorization).toContain(';x-amz-security-token,');
  });

  // "Authenticating Requests: Using Query Parameters" of the same reference.
  test('an address is signed as in the reference', () => {
    const query = presignedQuery({ host, path: '/test.txt', query: {} }, 'us-east-1', keys, noon, 86_400);
    expect(query.split('&')).toEqual([
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      'X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request',
      'X-Amz-Date=20130524T000000Z',
      'X-Amz-Expires=86400',
      'X-Amz-SignedHeaders=host',
      'X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    ]);
    const temporary = presignedQuery(
      { host, path: '/', query: {} },
      'us-east-1',
      { ...keys, sessionToken: 'a+b' },
      noon,
      1,
    );
    expect(temporary).toContain('&X-Amz-Security-Token=a%2Bb&X-Amz-SignedHeaders=host&');
  });

  test('names are encoded as AWS asks, and slashes stay only in paths', () => {
    expect(uriEncode("a/b c+d~e.f-g_h!*'()")).toBe('a%2Fb%20c%2Bd~e.f-g_h%21%2A%27%28%29');
    expect(uriEncodePath('ä/b c/%2F')).toBe('%C3%A4/b%20c/%252F');
  });
});
