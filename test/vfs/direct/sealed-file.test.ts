import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSealedFile, type SealedFile } from '../../../src/vfs/direct/sealed-file.ts';
import { makeScratch } from '../../scratch.ts';

const folder = makeScratch();
let files = 0;

async function newFile(): Promise<{ readonly path: string; readonly file: SealedFile }> {
  const path = join(folder, `spool-${files++}`);
  return { path, file: createSealedFile(await open(path, 'wx+')) };
}

test('nothing that is written can be read on the disk, wherever in a block it stands', async () => {
  const secret = 'GATTACA-patient-0815';
  const { path, file } = await newFile();
  for (const offset of [0, 5000, 16_380, 100_000]) await file.write(offset, Buffer.from(secret.repeat(300)));
  await file.write(106_000, Buffer.from(secret));
  await file.truncate(104_000);
  expect(readFileSync(path).includes(secret)).toBe(false);
  expect(readFileSync(path).includes('GATTACA')).toBe(false);
  expect(Buffer.from(await file.read(16_380, 6000)).toString()).toBe(secret.repeat(300));
  await file.close();
});

test('two files with the same bytes have nothing in common on the disk', async () => {
  const [one, two] = [await newFile(), await newFile()];
  for (const { file } of [one, two]) {
    await file.write(0, new Uint8Array(16_384).fill(7));
    await file.close();
  }
  const parts = (path: string): readonly string[] => readFileSync(path).toString('hex').match(/.{32}/g) ?? [];
  const seen = new Set(parts(one.path));
  expect(seen.size).toBe(1024);
  expect(parts(two.path).filter((part) => seen.has(part))).toEqual([]);
});

const place = fc.oneof(fc.nat(80_000), fc.constantFrom(0, 1, 16_383, 16_384, 16_385, 32_767, 32_768, 49_152));
const change = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), at: place, length: place }),
  fc.record({ kind: fc.constant('truncate' as const), at: place }),
);

test('it holds what a plain file would hold, whatever is written, cut and lengthened', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), place, place, async (changes, offset, length) => {
      const { file } = await newFile();
      let model: Buffer = Buffer.alloc(0);
      const grown = (size: number): Buffer => Buffer.concat([model, Buffer.alloc(Math.max(0, size - model.length))]);
      for (const [index, made] of changes.entries()) {
        if (made.kind === 'write') {
          const data = Buffer.alloc(made.length, index + 1);
          await file.write(made.at, data);
          if (made.length > 0) model = grown(made.at + made.length);
          data.copy(model, made.at);
        } else {
          await file.truncate(made.at);
          model = grown(made.at).subarray(0, made.at);
        }
      }
      const whole = await file.read(0, 200_000);
      expect(Buffer.compare(whole, model)).toBe(0);
      const part = await file.read(offset, length);
      expect(Buffer.compare(part, model.subarray(offset, offset + length))).toBe(0);
      await file.close();
    }),
    { numRuns: 300 },
  );
});
