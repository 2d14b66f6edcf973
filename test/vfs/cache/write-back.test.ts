import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentReport } from '../../../src/core/report.ts';
import { createWriteBack, type Uploadable } from '../../../src/vfs/cache/write-back.ts';

const times = { delay: 1000, firstRetry: 5, lastRetry: 40 };

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function makeFiles(count: number): { readonly files: readonly Uploadable[]; readonly uploaded: Set<string> } {
  const uploaded = new Set<string>();
  const files = Array.from({ length: count }, (_, number) => ({
    path: `file-${number}`,
    size: 0,
    isSettled: true,
    get isDirty() {
      return !uploaded.has(this.path);
    },
    async upload() {
      uploaded.add(this.path);
    },
    cut() {},
  }));
  return { files, uploaded };
}

test('uploads are begun one by one while files change, all of them, and at once when none does', async () => {
  const { files, uploaded } = makeFiles(40);
  const [other] = makeFiles(1).files as [Uploadable];
  const writeBack = createWriteBack(times, silentReport);
  for (const file of files) {
    writeBack.add(file);
    writeBack.schedule(file);
  }
  const goOn = async (milliseconds: number, isBusy: boolean): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed++) {
      if (isBusy) writeBack.add(other);
      await vi.advanceTimersByTimeAsync(1);
    }
  };
  await goOn(999, true);
  expect(uploaded.size).toBe(0);
  await goOn(20, true);
  const begun = uploaded.size;
  expect(begun).toBeGreaterThan(0);
  expect(begun).toBeLessThan(10);
  await goOn(40, true);
  expect(uploaded.size).toBeGreaterThan(begun);
  expect(uploaded.size).toBeLessThan(20);
  await goOn(60, false);
  expect(uploaded.size).toBe(files.length);
  await writeBack.stop();
});

test('who drains does not wait for that', async () => {
  const { files, uploaded } = makeFiles(40);
  const writeBack = createWriteBack(times, silentReport);
  for (const file of files) writeBack.add(file);
  await writeBack.drain();
  expect(uploaded.size).toBe(files.length);
  await writeBack.stop();
});

test('whoever reads a file puts its upload off as little as its next try, whoever changes it does', async () => {
  const [file] = makeFiles(1).files as [Uploadable];
  let tries = 0;
  const failing = {
    ...file,
    async upload() {
      tries++;
      throw new Error('the store is away');
    },
  };
  const writeBack = createWriteBack({ delay: 1000, firstRetry: 1000, lastRetry: 1000 }, silentReport);
  const closeEach300 = async (isChanged: boolean): Promise<void> => {
    for (let i = 0; i < 4; i++) {
      if (isChanged) writeBack.add(failing);
      writeBack.closed(failing);
      await vi.advanceTimersByTimeAsync(300);
    }
  };
  await closeEach300(true);
  expect(tries).toBe(0);
  await closeEach300(false);
  expect(tries).toBe(1);
  await closeEach300(false);
  expect(tries).toBe(2);
  await writeBack.stop();
});

test('an upload that is cut is as due as it was', async () => {
  const [file] = makeFiles(1).files as [Uploadable];
  let tries = 0;
  const cutOnce: Uploadable = {
    ...file,
    get isDirty() {
      return tries < 2;
    },
    async upload() {
      tries++;
    },
  };
  const writeBack = createWriteBack(times, silentReport);
  writeBack.add(cutOnce);
  writeBack.closed(cutOnce);
  await vi.advanceTimersByTimeAsync(1100);
  expect(tries).toBe(1);
  await vi.advanceTimersByTimeAsync(1100);
  expect(tries).toBe(2);
  await writeBack.stop();
});
