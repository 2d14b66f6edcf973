import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nativeCalls } from '../../src/mount/attach/native.ts';
import { createFarewell } from '../../src/mount/farewell.ts';
import { decodeStatus } from '../../src/mount/status.ts';
import { makeScratch } from '../scratch.ts';

const failures = Array.from({ length: 200 }, (_, i) => ({ path: `job_6/${i}`, message: 'the store has no room' }));
const status = { pid: 4711, pending: { files: 200, bytes: 100, failures } };

test('each that has asked hears how a mount ends, whoever asked and went away', () => {
  const farewell = createFarewell();
  const pipes = Array.from({ length: 3 }, () => nativeCalls().pipe());
  const [gone, ...heard] = pipes.map(([reading, writing]) => {
    expect(farewell.add(process.pid, writing)).toBe(true);
    closeSync(writing);
    return reading;
  });
  closeSync(gone as number);
  farewell.say(status);
  for (const reading of heard) {
    const bytes = Buffer.alloc(65_536);
    const said = decodeStatus(bytes.subarray(0, readSync(reading, bytes)));
    expect(said.pending).toMatchObject({ files: 200, bytes: 100 });
    expect(said.pending.failures[0]).toEqual(failures[0]);
    closeSync(reading);
  }
});

test('those that have gone away are not kept', () => {
  const farewell = createFarewell();
  const before = readdirSync('/proc/self/fd').length;
  for (let round = 0; round < 20; round++) {
    const [reading, writing] = nativeCalls().pipe();
    farewell.add(process.pid, writing);
    closeSync(writing);
    closeSync(reading);
  }
  expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 3);
});

test('nothing is said to what is no pipe', () => {
  const fd = openSync(join(makeScratch(), 'file'), 'w');
  expect(createFarewell().add(process.pid, fd)).toBe(false);
  expect(createFarewell().add(process.pid, 987_654)).toBe(false);
  closeSync(fd);
});
