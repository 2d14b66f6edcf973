import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { silentReport } from '../../../src/core/report.ts';
import { networkFailure } from '../../../src/remotes/http/network-failure.ts';
import { parseProxy, proxyFor } from '../../../src/remotes/http/proxy.ts';
import { readRetryAfter, retryDelay, withRetries } from '../../../src/remotes/http/retry.ts';

describe('the proxy for a host', () => {
  const environment = { HTTPS_PROXY: 'http://p:1', http_proxy: 'q:2', NO_PROXY: 'a.fi, .b.fi,*.c.fi,d.fi:8080' };
  test.for([
    ['https://x.fi', 'http://p:1'],
    ['http://x.fi', 'http://q:2'],
    ['https://a.fi', null],
    ['https://sub.a.fi', null],
    ['https://nota.fi', 'http://p:1'],
    ['https://b.fi', 'http://p:1'],
    ['https://sub.b.fi', null],
    ['https://sub.c.fi', null],
    ['https://d.fi', 'http://p:1'],
    ['https://d.fi:8080', null],
    ['http://localhost:5000', null],
    ['http://127.0.0.1:5000', null],
    ['http://[::1]:5000', null],
  ] as const)('%s is %s', ([origin, expected]) => {
    expect(proxyFor(origin, environment)).toBe(expected);
  });

  test.for([
    ['http://10.1.2.3', '10.0.0.0/8', null],
    ['http://11.1.2.3', '10.0.0.0/8', 'http://p:1'],
    ['http://10.1.2.3', '10.1.2.3', null],
    ['http://10.1.2.3:81', '10.1.2.3:81', null],
    ['http://110.1.2.3', '10.1.2.3', 'http://p:1'],
    ['http://[fd00::1:2]', 'fd00::/8', null],
    ['http://[fd00::1:2]', 'fd00:0::1:2', null],
    ['http://[fd00::1:2]:81', '[fd00::1:2]:81', null],
    ['http://[fe00::1]', 'fd00::/8', 'http://p:1'],
    ['http://10.1.2.3', 'fd00::/8,10.0.0.0/x,10.0.0.0/33', 'http://p:1'],
    ['http://ten.fi', '10.0.0.0/8', 'http://p:1'],
  ] as const)('%s without %s is %s', ([origin, NO_PROXY, expected]) => {
    expect(proxyFor(origin, { HTTP_PROXY: 'p:1', NO_PROXY })).toBe(expected);
  });

  test('has a login in its address', () => {
    const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`;
    expect(parseProxy('http://p:1').login).toBeNull();
    expect(parseProxy('http://me:50%25%40@p:1').login).toBe(basic('me:50%@'));
    expect(parseProxy('https://me@p').login).toBe(basic('me:'));
  });

  test.for(['socks5://me:SECRET@p:1', 'http://me:SECRET%zz@p:1', 'http://me:SECRET@'])('is not %s', (address) => {
    const parse = () => parseProxy(address);
    expect(parse).toThrow(expect.objectContaining({ kind: 'usage', message: expect.not.stringContaining('SECRET') }));
  });

  test('is none without variables, and none for all with a star', () => {
    expect(proxyFor('https://x.fi', {})).toBeNull();
    expect(proxyFor('https://x.fi', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' })).toBeNull();
  });
});

describe('retries', () => {
  const failing = (times: number, failure: () => Error) => {
    let calls = 0;
    return { attempt: async () => (calls++ < times ? Promise.reject(failure()) : calls), calls: () => calls };
  };
  const settings = { lowLevelRetries: 4 };
  const transient = () => new Failure('transient', 'busy');

  test('go on while the fault may pass, so many times in all', async () => {
    expect(await withRetries(settings, silentReport, 'x', failing(3, transient).attempt)).toBe(4);
    const hopeless = failing(99, transient);
    await expect(withRetries(settings, silentReport, 'x', hopeless.attempt)).rejects.toThrow('busy');
    expect(hopeless.calls()).toBe(4);
  });

  test('leave other failures alone', async () => {
    const denied = failing(99, () => new Failure('denied', 'no'));
    await expect(withRetries(settings, silentReport, 'x', denied.attempt)).rejects.toThrow('no');
    expect(denied.calls()).toBe(1);
  });

  test('stop when they are cancelled', async () => {
    const slow = failing(99, () => new Failure('transient', 'busy', { retryAfter: 30_000 }));
    const run = withRetries(settings, silentReport, 'x', slow.attempt, AbortSignal.timeout(20));
    await expect(run).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('wait twice as long each time, with jitter, up to a limit', () => {
    const delays = [1, 2, 3, 20].map((tries) => retryDelay(transient(), tries, () => 0.5));
    expect(delays).toEqual([10, 20, 40, 2000]);
    expect(retryDelay(transient(), 1, () => 0)).toBe(5);
  });

  test('wait longer from the start where the store asks to slow down', () => {
    const asked = new Failure('transient', '', { retryAfter: 0 });
    expect([1, 2, 3, 20].map((tries) => retryDelay(asked, tries, () => 0.5))).toEqual([100, 200, 400, 2000]);
  });

  test('wait as long as the store asks, if that is a minute at most, and do not come all at once', () => {
    const asked = new Failure('transient', '', { retryAfter: 7000 });
    expect([0, 0.5, 1].map((chance) => retryDelay(asked, 1, () => chance))).toEqual([7000, 8750, 10_500]);
    expect(retryDelay(new Failure('transient', '', { retryAfter: 61_000 }), 1)).toBeNull();
  });

  test('read what the store asks: seconds or a date, and never more than a timer holds', () => {
    expect(readRetryAfter('7')).toBe(7000);
    expect(readRetryAfter(new Date(Date.now() + 3_600_000).toUTCString())).toBeGreaterThan(3_000_000);
    expect(readRetryAfter(new Date(0).toUTCString())).toBe(0);
    for (const text of ['9999999', '9'.repeat(400), new Date(8e15).toUTCString()]) {
      expect(readRetryAfter(text)).toBe(86_400_000);
    }
    for (const text of [undefined, '', 'soon']) expect(readRetryAfter(text)).toBeUndefined();
  });
});

describe('a fault of the network', () => {
  const coded = (code: string) => Object.assign(new Error(`${code} happened`), { code });
  test.for([
    ['ECONNRESET', 'transient', true],
    ['ETIMEDOUT', 'transient', true],
    ['EAI_AGAIN', 'transient', true],
    ['ENOTFOUND', 'transient', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'fatal', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'fatal', false],
    ['CERT_HAS_EXPIRED', 'fatal', false],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'fatal', false],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'fatal', false],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'transient', true],
  ] as const)('%s is %s', ([code, kind, retryable]) => {
    const failure = networkFailure(coded(code), 'store.fi');
    expect(failure).toMatchObject({ kind, retryable, message: expect.stringContaining('store.fi') });
  });

  test('that is a Failure already stays as it is', () => {
    const failure = new Failure('changed', 'x');
    expect(networkFailure(failure, 'h')).toBe(failure);
  });
});
