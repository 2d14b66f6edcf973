import { beforeAll, describe, expect, inject, test } from 'vitest';
import { swiftV3 } from '../servers/remotes.ts';
import { writeTree } from './run.ts';
import { createSites, type Site } from './sites.ts';

const { remotes, keystone } = inject('lab');
const sites = createSites('dump');
const source = sites.path('source');
let site: Site;

beforeAll(async () => {
  writeTree(source, { 'a.txt': 'what is in the file' });
  // A password that stands nowhere else.
  site = await sites.site('one', {
    v1: remotes['swift-v1'],
    v3: swiftV3(keystone, 'swift'),
    credential: remotes['swift-appcred'],
    s3: remotes['ceph-s3'],
    denied: { ...remotes['ceph-s3'], secret_access_key: 'wrong' },
  });
});

const copy = (store: string, ...flags: string[]) =>
  site.coffer(['copy', source, `${store}:cli-dump-${store}`, ...flags]);

describe.each([
  ['v1', /AUTH_tk\w+|testing$/m],
  ['v3', /gAAAA[\w-]+|"password":"\w+"/],
  ['credential', /gAAAA[\w-]+|"secret":"\w+"/],
  ['s3', /Signature=[0-9a-f]{64}/],
])('what %s is asked', (store, secret) => {
  test('is shown with what it answers, and without secrets unless those are asked for too', async () => {
    const { code, stderr } = await copy(store, '--dump', 'headers,bodies');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('NOTICE: Automatically setting -vv as --dump is enabled');
    expect(stderr).toMatch(/HTTP REQUEST \(req \d+\)\nPUT \S*cli-dump-\w+\/a.txt HTTP\/1.1\nhost: /);
    expect(stderr).toMatch(/HTTP REQUEST BODY \(req \d+\)\nwhat is in the file\n/);
    expect(stderr).toContain('HTTP/1.1 20');
    expect(stderr).not.toMatch(secret);
    expect((await copy(store, '--dump', 'bodies,auth', '--ignore-times')).stderr).toMatch(secret);
  });
});

test('an answer of S3 that repeats what was signed is shown without it', async () => {
  const { code, stderr } = await copy('denied', '--dump-bodies', '--retries', '1');
  expect(code).toBe(1);
  expect(stderr).toContain('--dump-bodies is obsolete');
  expect(stderr).toContain('SignatureDoesNotMatch');
  expect(stderr).not.toMatch(/[0-9a-f]{64}(?!\n)/);
});

test('--dump filters prints the rules as rclone does', async () => {
  for (const flags of [[], ['--include', '*.txt', '--exclude', 'dir/**']]) {
    const line = ['ls', source, '--dump', 'filters', ...flags];
    const [ours, theirs] = [await site.coffer(line), await site.rclone(line)];
    expect(ours.stdout).toBe(theirs.stdout);
    expect(ours.code).toBe(0);
  }
});

test.each([
  ['goroutines', '"goroutines" is not one of headers, bodies, requests, responses, auth, filters'],
  ['headers,openfiles', '"openfiles" is not one of'],
  ['headers -q', "can't set -v and -q"],
])('--dump %s is refused', async (flags, message) => {
  const line = ['ls', source, '--dump', ...flags.split(' ')];
  const { code, stderr } = await site.coffer(line);
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
});
