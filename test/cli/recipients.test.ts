import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openBytes } from '../../src/formats/crypt4gh/file.ts';
import { fingerprint } from '../../src/formats/crypt4gh/fingerprint.ts';
import { digest, patterned } from '../contract/remote/bench.ts';
import { programPath } from '../program.ts';
import { createPeople, type Person } from '../remotes/crypt4gh/crypt4gh-over.ts';
import { freshBucket } from '../remotes/s3/open.ts';
import { requirePeer } from '../servers/peers.ts';
import { configText } from '../servers/remotes.ts';
import { mustRun, type Result, run } from '../servers/run.ts';

requirePeer('rclone');
const { remotes } = inject('lab');
const person = createPeople();
const [ada, csc, bob] = await Promise.all([person('ada'), person('csc'), person('bob')]);

const files = { 'big.bam': patterned((11 << 20) + 123), 'sub/small.txt': Buffer.from('small') };

/** Files of `ada:` in a bucket of its own, which is for ada and csc, beside the folder that they come from. */
async function makeSite(store: 'ceph-s3' | 'swift-v1') {
  const folder = mkdtempSync(join(tmpdir(), 'coffer-recipients-'));
  const bucket = freshBucket();
  const source = join(folder, 'source');
  mkdirSync(join(source, 'sub'), { recursive: true });
  for (const [path, data] of Object.entries(files)) {
    writeFileSync(join(source, path), data);
    utimesSync(join(source, path), 1_700_000_000, 1_700_000_000);
  }
  const recipients = `${ada.publicFile},${csc.publicFile}`;
  const own = { type: 'crypt4gh', remote: `store:${bucket}/named`, recipients, secret_key: ada.secretFile };
  writeFileSync(join(folder, 'rclone.conf'), configText({ store: remotes[store], ada: own }), { mode: 0o600 });
  const env = { RCLONE_CONFIG: join(folder, 'rclone.conf') };
  const rclone = (...args: string[]) => mustRun('rclone', args, { env });
  onTestFinished(async () => {
    await run('rclone', ['purge', `store:${bucket}`], { env });
    await run('rclone', ['purge', `store:${bucket}_segments`], { env });
    rmSync(folder, { recursive: true, force: true });
  });
  let downloads = 0;
  return {
    source,
    rclone,
    base: `store:${bucket}/named`,
    segments: `store:${bucket}_segments`,
    coffer: (...args: string[]): Promise<Result> => run(process.execPath, [programPath, ...args], { env }),
    /** The sealed files as rclone downloads them, opened by the reader: path → digest. */
    async openedBy(reader: Person): Promise<Record<string, string>> {
      const target = join(folder, `down-${downloads++}`);
      await rclone('copy', `store:${bucket}/named`, target);
      const opened = Object.keys(files).map((path) => {
        const sealed = readFileSync(join(target, `${path}.c4gh`));
        return [path, digest(openBytes(sealed, reader, path).plain)];
      });
      return Object.fromEntries(opened);
    },
  };
}

const digests = Object.fromEntries(Object.entries(files).map(([path, data]) => [path, digest(data)]));

describe.each(['ceph-s3', 'swift-v1'] as const)('coffer recipients on %s', (store) => {
  test('adds and removes who can open the files, which rclone then reads', async () => {
    const site = await makeSite(store);
    expect((await site.coffer('copy', site.source, 'ada:')).stderr).toBe('');
    const times = await site.rclone('lsf', '-R', '--files-only', '--format', 'tp', site.base);

    const added = await site.coffer('recipients', 'ada:', 'add', bob.publicFile);
    expect(added.stdout, added.stderr).toBe('2 files changed: 1 by the store, 1 uploaded again; 0 unchanged\n');
    expect(added.stderr).toContain('bob.pub cannot open new files yet: add the key to the option recipients too');
    for (const reader of [ada, csc, bob]) expect(await site.openedBy(reader)).toEqual(digests);
    expect(await site.rclone('lsf', '-R', '--files-only', '--format', 'tp', site.base)).toBe(times);
    expect((await site.coffer('sync', '-v', site.source, 'ada:')).stderr).toContain('There was nothing to transfer');
    expect((await site.coffer('cat', 'ada:sub/small.txt')).stdout).toBe('small');

    const removed = await site.coffer('recipients', 'ada:', 'remove', bob.publicFile);
    expect(removed.stdout, removed.stderr).toContain('2 files changed');
    await expect(site.openedBy(bob)).rejects.toThrow('not sealed to your key');
    for (const reader of [ada, csc]) expect(await site.openedBy(reader)).toEqual(digests);

    const mistyped = await site.coffer('recipients', 'ada:subb', 'remove', bob.publicFile);
    expect(mistyped.code).toBe(3);
    expect(mistyped.stderr).toContain(
      'ada:subb: directory not found: nothing is there, so nobody can open more or less',
    );

    const { stdout } = await site.coffer('recipients', 'ada:sub/small.txt', 'list', bob.publicFile);
    expect(stdout).toBe(
      `        1  ${fingerprint(ada.public)}  you\n` +
        `        1  ${fingerprint(csc.public)}  csc.pub\n` +
        `        0  ${fingerprint(bob.public)}  bob.pub\n` +
        'of 1 file\n',
    );
    await site.rclone('deletefile', `${site.base}/big.bam.c4gh`);
    if (store === 'swift-v1') expect(await site.rclone('lsf', '-R', '--files-only', site.segments)).toBe('');
  }, 240_000);
});

test.each([
  [['ada:'], 'command recipients needs 2 arguments minimum'],
  [['ada:', 'drop', 'bob.pub'], '"drop" is not list, add or remove'],
  [['ada:', 'add'], 'say whom: the public keys to add'],
  [['ada:', 'add', '/no/such.pub'], 'there is no key file /no/such.pub'],
  [['store:', 'list'], 'store: is not a remote of type crypt4gh'],
])('recipients %j is refused', async (args, says) => {
  const site = await makeSite('ceph-s3');
  const { code, stderr } = await site.coffer('recipients', ...args);
  expect(code).toBe(1);
  expect(stderr).toContain(says);
});
