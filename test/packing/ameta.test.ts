import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentReport } from '../../src/core/report.ts';
import { newKeyPair } from '../../src/crypto/x25519.ts';
import { type Ameta, formatAmeta, parseAmeta } from '../../src/packing/ameta.ts';
import { collect } from '../../src/packing/collect.ts';
import { formatListing, listedFiles } from '../../src/packing/file-listing.ts';
import { ametaBytes, readAmeta } from '../../src/packing/sealed-ameta.ts';
import { mustRun } from '../servers/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'coffer-ameta-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ameta: Ameta = {
  user: 'ttutkija',
  host: 'puhti-login11.bullx',
  hostName: 'puhti',
  input: 'data dir',
  originalLocation: '/scratch/project_2000001/data dir',
  protocol: 'swift',
  compression: 'zstd',
  encryption: 'crypt4gh (coffer)',
  isForSdConnect: true,
  note: 'as published',
  listing: ['-rw-r--r-- 1 tiina project 5 Nov 22 04:00 data dir/a b'],
};

const text = `user: ttutkija
host: puhti-login11.bullx
host_name: puhti
input: data dir
original_location: /scratch/project_2000001/data dir 
protocol: swift
compression: zstd
encryption: crypt4gh (coffer)
sd_connect: yes
Note: as published
-rw-r--r-- 1 tiina project 5 Nov 22 04:00 data dir/a b
`;

it('a description is the text that a-put writes, field by field', () => {
  expect(formatAmeta(ameta)).toBe(text);
  expect(formatAmeta({ ...ameta, protocol: 'S3', encryption: '', isForSdConnect: false, note: '' })).toBe(
    text
      .replace('protocol: swift', 'protocol: S3 ')
      .replace('encryption: crypt4gh (coffer)\nsd_connect: yes\nNote: as published\n', ''),
  );
});

it('a description is read again', () => {
  expect(parseAmeta(text)).toEqual(ameta);
  expect(listedFiles(parseAmeta(text).listing)).toEqual([{ size: 5, path: 'data dir/a b' }]);
});

it('a line break in a name or note makes no field of its own', () => {
  const parsed = parseAmeta(formatAmeta({ ...ameta, note: 'a\nuser: root' }));
  expect(parsed).toMatchObject({ user: 'ttutkija', note: 'a?user: root' });
});

it('the files are listed as `ls -l` lists them', async () => {
  const data = join(folder, 'data');
  mkdirSync(join(data, 'sub'), { recursive: true });
  writeFileSync(join(data, 'a'), 'x'.repeat(12_345), { mode: 0o640 });
  writeFileSync(join(data, 'old'), '', { mode: 0o755 });
  utimesSync(join(data, 'old'), 1_000_000_000, 1_000_000_000);
  writeFileSync(join(data, 'sub/b c'), 'x');
  writeFileSync(join(data, 'sub/far'), '');
  await mustRun('touch', ['-d', '@9000000000000', join(data, 'sub/far')]);
  const options = { followLinks: false, findHoles: true, report: silentReport, signal: new AbortController().signal };
  const items = await collect(data, options);
  const real = await mustRun('ls', ['-l', 'data/a', 'data/old', 'data/sub/b c', 'data/sub/far'], {
    cwd: folder,
    env: { LC_ALL: 'C' },
  });
  expect(`${formatListing(items, 'data', new Date()).join('\n')}\n`).toBe(real);
});

const keys = (pair = newKeyPair()) => ({ password: async () => 'secret', secretKey: async () => pair });

it.each(['gpg', 'c4gh'] as const)(
  'a description that is sealed by %s shows nothing and opens with the key',
  async (kind) => {
    const pair = newKeyPair();
    const seal = kind === 'gpg' ? { kind, password: 'secret' } : { kind, recipients: [pair.public] };
    const sealed = await ametaBytes(ameta, seal);
    expect(Buffer.from(sealed).includes('ttutkija')).toBe(false);
    expect(await readAmeta(sealed, keys(pair), 'x_ameta')).toEqual(ameta);
    const other = { password: async () => 'wrong', secretKey: async () => newKeyPair() };
    await expect(readAmeta(sealed, other, 'x_ameta')).rejects.toMatchObject({ name: 'Failure' });
  },
);

it('something else is no description', async () => {
  await expect(readAmeta(Buffer.from('<html>'), keys(), 'x_ameta')).rejects.toMatchObject({ kind: 'corrupt' });
});
