import { appendFileSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { createGpg } from '../../packing/gpg.ts';
import { configText } from '../../servers/remotes.ts';
import { createBench, readTree, writeTree } from '../run.ts';

const password = 'the password';
const gpg = createGpg(password);
const bench = createBench('packing-stores');
const { remotes } = inject('lab');
const stores = { allas: remotes['swift-v3'], s3allas: remotes['ceph-s3'] };
appendFileSync(bench.path('rclone.conf'), `\n${configText(stores)}`);

const coffer = (...args: readonly string[]) => bench.coffer(args, { env: { COFFER_GPG_PASSWORD: password } });

async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await coffer(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe.each([
  ['Swift', '--swift', 'allas'],
  ['S3', '--s3', 's3allas'],
] as const)('on %s', (protocol, flag, remote) => {
  const bucket = `packing-${protocol.toLowerCase()}`;
  const here = `data-${protocol}`;
  // More than one part of an upload.
  const tree = { 'big.bin': 'x'.repeat(12 << 20), 'sub/a b': 'beta' };

  it('a folder goes, is listed, found and described, and comes back', async () => {
    writeTree(bench.path(here), tree);
    const time = new Date('2026-01-02T03:04:05Z');
    utimesSync(bench.path(here), time, time);
    await done('put', here, flag, '-b', `${bucket}/2026`, '-e', 'gpg', '-c', '-m', 'first');
    await done('put', here, flag, '-b', bucket, '-e', 'gpg');
    expect(await done('objects', flag, bucket)).toBe(`${bucket}/2026/${here}.tar.zst.gpg\n${bucket}/${here}.tar.gpg\n`);
    expect(await done('objects', flag, `${bucket}/2026/${here}.tar.zst.gpg`)).toContain(
      protocol === 'Swift' ? 'protocol: swift\n' : 'protocol: S3 \n',
    );
    expect(await done('find', 'a b$', flag, '-b', bucket)).toBe(
      `${bucket}/2026/${here}.tar.zst.gpg 1\n${bucket}/${here}.tar.gpg 1\n`,
    );
    expect(await done('objects', '-l', flag, bucket)).toContain(` 2026-01-02 05:04:05 ${bucket}/${here}.tar.gpg\n`);
    await done('get', flag, `${bucket}/2026/${here}.tar.zst.gpg`, '-d', `out-${protocol}`);
    await done('get', `${remote}:${bucket}/${here}.tar.gpg`, '-d', `out-${protocol}`, '-t', 'again');
    expect(readTree(bench.path(`out-${protocol}/${here}`))).toEqual(tree);
    expect(readTree(bench.path(`out-${protocol}/again`))).toEqual(tree);
  });

  it('rclone and gpg get what coffer put', async () => {
    const { code, stderr } = await bench.rclone(['copyto', `${remote}:${bucket}/${here}.tar.gpg`, 'theirs.gpg']);
    expect(code, stderr).toBe(0);
    await gpg.open(bench.path('theirs.gpg'), bench.path('theirs.tar'));
  });

  it('what stands there is refused, and a bucket that is not there is named', async () => {
    expect((await coffer('put', here, flag, '-b', bucket, '-e', 'gpg')).stderr).toContain('--override replaces it');
    expect((await coffer('get', flag, 'none/x.tar')).stderr).toContain('there is no object none/x.tar');
  });
});

it('the bucket is named after user and project where none is given', async () => {
  writeFileSync(bench.path('note.txt'), 'note');
  expect(await done('put', 'note.txt', '--user', 'kkayttaj')).toBe(
    'note.txt → allas:kkayttaj-2000001-misc/note.txt (4 B)\n',
  );
});
