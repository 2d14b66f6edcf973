import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import type { Section } from '../servers/remotes.ts';
import { runHere } from './in-process.ts';
import { createSites } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('buckets');
const bobId = `2000002${'0'.repeat(24)}2`;
const swift = remotes['swift-v3'];
const asBob = (section: Section): Section => ({ ...section, user: 'bob', key: 'bobpw', tenant: 'project_2000002' });
// Nobody listens there.
const nobody: Section = { type: 'swift', storage_url: 'http://127.0.0.1:9/v1/AUTH_x', auth_token: 'x' };
const both = sites.site('both', { mine: swift, bob: asBob(swift), s3: remotes['ceph-keystone-s3'], nobody });

const coffer = async (...args: string[]) => {
  const { home, config } = await both;
  return runHere([...args, '--low-level-retries', '1'], { HOME: home, RCLONE_CONFIG: config });
};

describe('make-shared-bucket', () => {
  test('makes a bucket that the other project uses as the letter says, key and all', async () => {
    const { home, publicKey, config } = await both;
    const made = await coffer('make-shared-bucket', 'mine:buckets-made', bobId, '--public-key', publicKey);
    expect(made.code, made.stderr).toBe(0);
    expect(made.stdout).toContain(`coffer access -rw ${bobId} mine:buckets-made`);
    const [, place = ''] = /buckets add '(.*)'/.exec(made.stdout) ?? [];
    const added = await coffer('buckets', 'add', place.replace(/^mine/, 'bob'));
    expect(added.code, added.stderr).toBe(0);
    expect(readFileSync(config, 'utf8')).toContain('[buckets-made]\ntype = alias\nremote = bob,storage_url=');
    const key = join(home, 'fetched');
    expect((await coffer('copyto', 'buckets-made:both.pub', key)).code).toBe(0);
    expect(readFileSync(key, 'utf8')).toBe(readFileSync(publicKey, 'utf8'));
    // rclone takes the alias too.
    const listed = await (await both).rclone(['lsf', 'buckets-made:']);
    expect([listed.code, listed.stdout], listed.stderr).toEqual([0, 'both.pub\n']);
  });

  test('shares no bucket that holds anything, and goes on with an empty one', async () => {
    expect(await coffer('make-shared-bucket', 'mine:buckets-made', bobId)).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('not empty'),
    });
    await coffer('mkdir', 'mine:buckets-empty');
    expect((await coffer('make-shared-bucket', 'mine:buckets-empty', bobId)).code).toBe(0);
  });

  test('that ended before it could tell the letter tells it the next time, and takes no other key for its own', async () => {
    const { home, publicKey } = await both;
    const make = () => coffer('make-shared-bucket', 'mine:buckets-again', bobId, '--public-key', publicKey);
    const first = await make();
    expect(first.code, first.stderr).toBe(0);
    expect(await make()).toMatchObject({ code: 0, stdout: first.stdout });
    const other = readFileSync(publicKey, 'utf8').replace(/^[A-Za-z0-9+/]{4}/m, 'AAAA');
    writeFileSync(join(home, 'other.pub'), other);
    expect((await coffer('copyto', join(home, 'other.pub'), 'mine:buckets-again/both.pub')).code).toBe(0);
    expect(await make()).toMatchObject({ code: 6, stderr: expect.stringContaining('not empty') });
  });

  test('puts no secret key into a bucket, and makes none for it', async () => {
    const { home } = await both;
    const made = await coffer(
      'make-shared-bucket',
      'mine:buckets-secret',
      bobId,
      '--public-key',
      join(home, '.c4gh/key'),
    );
    expect(made).toMatchObject({ code: 1, stderr: expect.stringContaining('secret key') });
    expect((await coffer('lsf', 'mine:')).stdout).not.toContain('buckets-secret');
  });

  test('asks for what the line does not say', async () => {
    const { coffer: program } = await both;
    const { code, stdout, stderr } = await program(['make-shared-bucket'], {
      input: 'mine:buckets-asked\nproject_2000002\n\n',
    });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/bucket> .*project> .*public_key> .*Made mine:buckets-asked, shared with project_2000002/s);
  });

  test('says on S3 what the other side has there', async () => {
    const { code, stdout } = await coffer('make-shared-bucket', 's3:buckets-s3', bobId);
    expect([code, stdout]).toEqual([0, expect.stringContaining('coffer buckets add s3:buckets-s3\n')]);
    expect(stdout).toContain('coffer login --mode S3');
  });
});

describe('buckets', () => {
  test('are shown with whom they are shared, and those of others with what keeps them shut', async () => {
    const open = await coffer('buckets', 'mine:', 's3:', '--json');
    const { own, shared } = JSON.parse(open.stdout);
    expect(own).toContainEqual(
      expect.objectContaining({ bucket: 'mine:buckets-made', projects: [{ project: bobId, read: true, write: true }] }),
    );
    expect(own).toContainEqual(
      expect.objectContaining({ bucket: 's3:buckets-s3', projects: [{ project: bobId, read: true, write: true }] }),
    );
    expect(own.map(({ bucket }: { bucket: string }) => bucket)).not.toContain('mine:buckets-made_segments');
    expect(shared).toEqual([expect.objectContaining({ remote: 'buckets-made:', reachable: true })]);
    await coffer('access', '-rw', bobId, 'mine:buckets-made');
    const { stdout } = await coffer('buckets', 'mine:');
    expect(stdout).toMatch(/^ {2}buckets-made$/m);
    expect(stdout).toMatch(/Shared with you\n {2}buckets-made: .*no permission/);
  });

  test('of a store that does not answer fail, and the others are shown', async () => {
    const { code, stdout, stderr } = await coffer('buckets', 'nobody:', 'mine:');
    expect([code, stdout]).toEqual([5, expect.stringContaining('Your buckets at mine:')]);
    expect(stderr).toContain('nobody:');
  });

  test('of others are added under a free name, and removed', async () => {
    expect(await coffer('buckets', 'add', 'bob:buckets-made')).toMatchObject({ code: 6 });
    expect(await coffer('buckets', 'add', 'bob:')).toMatchObject({ code: 1 });
    expect(await coffer('buckets', 'add', 'nosuch:bucket')).toMatchObject({ code: 1 });
    expect(await coffer('buckets', 'remove', 'bob')).toMatchObject({ code: 1 });
    for (const words of [
      ['add', 'bob:buckets-made', '--name', 'tried'],
      ['remove', 'buckets-made:'],
    ]) {
      const dry = await coffer('buckets', ...words, '-n');
      expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining('--dry-run') });
      expect(JSON.parse((await coffer('buckets', '--json', 'bob:')).stdout).shared).toHaveLength(1);
    }
    expect(await coffer('buckets', 'remove', 'buckets-made:')).toMatchObject({ code: 0 });
    expect(JSON.parse((await coffer('buckets', '--json', 'bob:')).stdout).shared).toEqual([]);
  });
});
