import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadEngine } from '../../src/crypto/engine.ts';
import { sealContent } from '../../src/formats/rclone-crypt/content.ts';
import { formatHeader } from '../../src/formats/rclone-crypt/header.ts';
import { deriveKeys } from '../../src/formats/rclone-crypt/keys.ts';
import { chunk, headerLength, sealedSize } from '../../src/formats/rclone-crypt/layout.ts';
import { requirePeer } from '../servers/peers.ts';
import { makeStage } from './stage.ts';

const gibibyte = 2 ** 30;

const readScript = `import hashlib, os, sys
path, length, start = sys.argv[1:]
f = os.open(path, os.O_RDONLY)
print(os.fstat(f).st_size, hashlib.sha256(os.pread(f, int(length), int(start))).hexdigest())`;

const writeScript = `import os, sys
f = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
for at in (2**31 - 3, 2**32 - 3, 10 * 2**30 - 3):
    os.pwrite(f, b"across", at)
os.fsync(f)
print(os.fstat(f).st_size, [os.pread(f, 8, at - 4) for at in (2**31, 2**32, 10 * 2**30, 2**33)])
os.ftruncate(f, 2**32)
print(os.fstat(f).st_size, os.pread(f, 10, 2**32 - 3))
os.remove(sys.argv[1])`;

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

describe('a file of 10 GiB', () => {
  const size = 10 * gibibyte + 12_345;
  const length = 5 * chunk.plain;
  /** In chunks; each around what a number of 31 or 32 bits holds, and at the end. */
  const firsts = [0, 2 * gibibyte, 4 * gibibyte, size]
    .map((offset) => Math.floor(offset / chunk.plain) - 3)
    .map((first) => Math.max(0, first));
  /** Eight bytes tell their offset. */
  const plainAt = (start: number): Buffer => {
    const bytes = Buffer.alloc(Math.min(length, size - start));
    for (let at = 0; at + 8 <= bytes.length; at += 8) bytes.writeBigUInt64LE(BigInt(start + at), at);
    return bytes;
  };

  /** A sealed file with holes but for a few chunks: all of it would take minutes. */
  async function writeSealed(path: string): Promise<void> {
    const engine = await loadEngine({});
    const cipher = { engine, dataKey: (await deriveKeys(engine, 'potato', 'salt')).dataKey };
    const nonce = new Uint8Array(24).fill(250);
    const file = await open(path, 'w');
    await file.truncate(sealedSize(size));
    await file.write(formatHeader(nonce), 0, headerLength, 0);
    for (const firstChunk of firsts) {
      const plain = [plainAt(firstChunk * chunk.plain)];
      let offset = headerLength + firstChunk * chunk.sealed;
      for await (const piece of sealContent(cipher, nonce, streamOf(plain), { hasHeader: false, firstChunk })) {
        await file.write(piece, 0, piece.length, offset);
        offset += piece.length;
      }
    }
    await file.close();
  }

  test('is read, and written, beyond 2 and 4 GiB', async () => {
    const named = { filename_encryption: 'off', directory_name_encryption: 'false', pass_bad_blocks: 'true' };
    await using stage = makeStage({ crypt: named });
    mkdirSync(join(stage.folder, 'sealed'));
    await writeSealed(join(stage.folder, 'sealed', 'holes.bin'));
    await stage.mount('--vfs-write-back', '1h');
    for (const first of firsts) {
      const start = first * chunk.plain;
      const expected = sha256(plainAt(start));
      const holes = join(stage.mountPoint, 'holes');
      expect(await stage.output('python3', '-c', readScript, holes, String(length), String(start))).toBe(
        `${size} ${expected}\n`,
      );
      const found = await stage.output(
        'sh',
        '-c',
        `rclone cat --offset ${start} --count ${length} sealed:holes | sha256sum`,
      );
      expect(found).toBe(`${expected}  -\n`);
    }
    expect(await stage.output('python3', '-c', writeScript, join(stage.mountPoint, 'new'))).toBe(
      `10737418243 [b'\\x00across\\x00', b'\\x00across\\x00', b'\\x00across', b'${'\\x00'.repeat(8)}']\n4294967296 b'acr'\n`,
    );
    // Reading ahead has met the holes, and the mount has said so.
    await stage.kill();
  });
});

async function* streamOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

test('what fio has written in a mount, it finds there, and in the next one', async () => {
  requirePeer('fio');
  await using stage = makeStage();
  const fio = (...words: readonly string[]): Promise<string> =>
    stage.output(
      'fio',
      `--directory=${stage.mountPoint}`,
      '--ioengine=psync',
      '--fallocate=none',
      '--size=12M',
      ...words,
    );
  const jobs = [
    '--name=random',
    '--rw=randwrite',
    '--bsrange=512-160k',
    '--blockalign=512',
    '--name=order',
    '--rw=write',
    '--bs=64k',
  ];
  const verify = ['--verify=crc32c', '--verify_fatal=1', '--verify_dump=0', '--verify_state_save=0'];
  await stage.mount();
  await fio(...verify, '--end_fsync=1', ...jobs);
  await stage.unmount();
  await stage.mount();
  await fio(...verify, '--verify_only=1', ...jobs);
  await stage.unmount();
});

test('64 programs read one file at once, nothing of which is on this machine', async () => {
  await using stage = makeStage();
  const local = join(stage.folder, 'local');
  await stage.output('dd', 'if=/dev/urandom', `of=${local}`, 'bs=1M', 'count=24');
  await stage.rclone('copyto', local, 'sealed:file');
  await stage.mount();
  const script = `import concurrent.futures as f, os, random, sys
def read(seed):
    draw = random.Random(seed)
    ours, theirs = (os.open(path, os.O_RDONLY) for path in sys.argv[1:])
    size = os.fstat(theirs).st_size
    places = [(draw.randrange(size), draw.randrange(1, 200000)) for _ in range(8)]
    if seed % 8 == 0: places = [(at, 1 << 20) for at in range(0, size, 1 << 20)]
    return all(os.pread(ours, n, at) == os.pread(theirs, n, at) for at, n in places)
with f.ThreadPoolExecutor(64) as pool: print(all(pool.map(read, range(64))))`;
  expect(await stage.output('python3', '-c', script, join(stage.mountPoint, 'file'), local)).toBe('True\n');
  await stage.unmount();
});

test('a folder of 10,000 files shows each with its size and time', async () => {
  await using stage = makeStage({ shown: 'many' });
  const folder = join(stage.folder, 'many');
  await stage.output(
    'python3',
    '-c',
    `import os, sys
os.mkdir(sys.argv[1])
for i in range(10000):
    f = os.open("%s/file %05d" % (sys.argv[1], i), os.O_CREAT | os.O_WRONLY)
    os.truncate(f, i)
    os.utime(f, (i, i * 100000 + .5))
    os.close(f)`,
    folder,
  );
  await stage.mount();
  const list = `cd "$0" && find . -type f -printf '%P %s %T@\\n' | LC_ALL=C sort | sha256sum; ls -f "$0" | wc -l`;
  const [shown, there] = [stage.mountPoint, folder].map((path) => stage.output('sh', '-c', list, path));
  expect(await shown).toBe(await there);
  expect(await shown).toContain('\n10002\n');
  await stage.unmount();
});
