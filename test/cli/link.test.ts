import { writeFileSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import { crypt } from '../servers/remotes.ts';
import { createSites } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('link');
const own = crypt('s3:cli-link/sealed', { filename_encryption: 'off' });
const { password: previous_password = '', password2: previous_password2 = '' } = own;
const ready = makeSite();

async function makeSite() {
  const site = await sites.site('one', {
    s3: remotes['ceph-s3'],
    swift: remotes['swift-v3'],
    alias: { type: 'alias', remote: 's3:cli-link/dir' },
    secret: own,
    hidden: crypt('s3:cli-link/names'),
    disk: crypt('sealed'),
    rekeyed: { ...own, password: own.password2 ?? '', previous_password, previous_password2 },
    sealed: { type: 'crypt4gh', remote: 's3:cli-link/c4gh', suffix: 'none', secret_key: '~/.c4gh/key' },
    anonymous: { type: 's3', provider: 'Ceph', endpoint: remotes['ceph-s3'].endpoint ?? '' },
  });
  writeFileSync(sites.path('file'), 'hello');
  await site.rclone(['copyto', 'file', "s3:cli-link/dir/a b+c's.txt"]);
  for (const remote of ['secret', 'hidden', 'disk']) await site.rclone(['copyto', 'file', `${remote}:file`]);
  await site.rclone(['copyto', 'file', 's3:cli-link/c4gh/file']);
  return site;
}

/** Without what the time decides. */
const lasting = (link: string): string => link.replace(/(X-Amz-(Date|Signature)|%2F)=?\w+/g, '$1');

describe('link', () => {
  test.each([
    ["s3:cli-link/dir/a b+c's.txt"],
    ["s3:cli-link/dir/a b+c's.txt", '--expire', '90m'],
    ["s3:cli-link/dir/a b+c's.txt", '--expire', '10d'],
    ["alias:a b+c's.txt", '--expire', '1.5'],
    ['secret:file', '--expire', '60'],
    ['hidden:file', '--expire', '60'],
    ['s3:cli-link/dir'],
    ['s3:cli-link/dir/'],
    ['s3:cli-link'],
    ['s3:cli-link/nothing'],
    ["s3:cli-link/dir/a b+c's.txt", '--expire', '0'],
    ['anonymous:cli-link/dir/a'],
    ['swift:cli-link/file'],
    ['disk:file'],
    ['hidden:file', '--disable', 'PublicLink'],
    ['file'],
  ])('of %s %s %s prints what rclone prints', async (...args) => {
    const { coffer, rclone } = await ready;
    const [ours, theirs] = await Promise.all([coffer(['link', ...args]), rclone(['link', ...args])]);
    expect(ours.code, ours.stderr).toBe(theirs.code);
    expect(lasting(ours.stdout)).toBe(lasting(theirs.stdout));
    expect(ours.stderr.includes('Reducing expiry to 1w')).toBe(theirs.stderr.includes('Reducing expiry to 1w'));
    expect(ours.stderr.includes("doesn't support public links")).toBe(
      theirs.stderr.includes("doesn't support public links"),
    );
  });

  test.each(['secret:file', 'hidden:file', 'rekeyed:file', 'sealed:file'])(
    'of %s leads to the file as it is stored',
    async (path) => {
      const { coffer } = await ready;
      const { stdout, stderr } = await coffer(['link', '--expire', '1m', path]);
      const answer = await fetch(stdout.trim());
      expect(answer.status, stderr).toBe(200);
      const bytes = Buffer.from(await answer.arrayBuffer()).toString('latin1');
      expect(bytes).toMatch(path === 'sealed:file' ? /^hello$/ : /^RCLONE/);
    },
  );

  test('is dead after its time', async () => {
    const { coffer } = await ready;
    const link = (await coffer(['link', '--expire', '1s', 'secret:file'])).stdout.trim();
    await expect.poll(async () => (await fetch(link)).status, { timeout: 10_000, interval: 200 }).toBe(403);
  });

  test('cannot be revoked, and none is made instead', async () => {
    const { coffer } = await ready;
    const { code, stdout, stderr } = await coffer(['link', '--unlink', 'secret:file']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('expire by themselves and cannot be revoked');
  });
});
