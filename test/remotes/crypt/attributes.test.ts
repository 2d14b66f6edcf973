import { beforeEach, expect, test } from 'vitest';
import { sourceOf } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { asCrypt } from '../../../src/remotes/crypt/as-crypt.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { recordingReport } from '../local/folder.ts';
import { cryptOver } from './crypt-over.ts';

const asked = { attributes: true } as const;
let base: Remote;
let crypt: Remote;
const sealedPath = (path: string): string => `bucket/${asCrypt(crypt)?.sealName(path)}`;
const sealed = async (path: string): Promise<Uint8Array> =>
  (await base.stat(sealedPath(path), asked)).attributes ?? new Uint8Array(0);

beforeEach(async () => {
  base = createMemoryRemote();
  crypt = await cryptOver({ remote: base, path: 'bucket' });
});

async function put(path: string, attributes: Uint8Array): Promise<void> {
  await crypt.write(path, sourceOf(Buffer.from('content')), { attributes });
}

test('the base gets nothing of attributes to see but their rough length', async () => {
  const secret = Buffer.from('user.patient=0815');
  await put('file', secret);
  await put('twin', secret);
  const [first, second] = [await sealed('file'), await sealed('twin')];
  expect(Buffer.from(first).includes('patient')).toBe(false);
  expect(first).not.toEqual(second);
  for (const length of [1, 20, 63]) {
    await put('short', patterned(length));
    expect((await sealed('short')).length).toBe(1 + 24 + 16 + 64);
  }
  await put('longer', patterned(64));
  expect((await sealed('longer')).length).toBe(1 + 24 + 16 + 128);
});

test('they stay with a file that somebody renames or copies in the base', async () => {
  await put('file', patterned(9));
  await base.move?.(sealedPath('file'), sealedPath('renamed'));
  await base.copy?.(sealedPath('renamed'), sealedPath('copied'));
  expect((await crypt.stat('renamed', asked)).attributes).toEqual(patterned(9));
  expect((await crypt.stat('copied', asked)).attributes).toEqual(patterned(9));
});

test('a flipped byte, a cut, another version or another password is told, and the file stays readable', async () => {
  const { report, lines } = recordingReport();
  const told = await cryptOver({ remote: base, path: 'bucket' }, {}, report);
  await put('file', patterned(9));
  const whole = await sealed('file');
  const damaged = [0, 1, 30, whole.length - 1].map((at) => whole.with(at, (whole[at] ?? 0) ^ 1));
  for (const bytes of [...damaged, whole.subarray(0, -1), new Uint8Array(3)]) {
    await base.setAttributes?.(sealedPath('file'), bytes);
    const found = await told.stat('file', asked);
    expect(found).toMatchObject({ size: 7, attributes: new Uint8Array(0) });
  }
  expect(lines()).toMatch(/file: its mode, owner and extended attributes do not open/);
  expect(await told.stat('file')).not.toHaveProperty('attributes');
});

// Written by version 1 under the password "potato", for ever to be read.
const sample =
  'AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFynSr/nrtp1CaKfkk/cQJdd+oFlQNFHMrNI4Ltii3A0HZ4++2mTjyY+MoOgdtPsEMXIJf6pb3gyPLYsujBmkZtmF4QT08nLJ5CNs9Dp0r4nu';

test('what was written once opens for ever', async () => {
  await put('file', new Uint8Array(1));
  await base.setAttributes?.(sealedPath('file'), new Uint8Array(Buffer.from(sample, 'base64')));
  const { attributes } = await crypt.stat('file', asked);
  expect(Buffer.from(attributes ?? []).toString()).toBe('attributes of a file');
});
