import { expect, test } from 'vitest';
import { decodeStatus, encodeStatus } from '../../src/mount/status.ts';
import { failureOf } from '../contract/remote/bench.ts';

const failure = { path: 'job_6/a', message: 'the store has no room' };
const status = { pid: 4711, pending: { files: 2, bytes: 100, failures: [failure] } };

test('a status is read as it was told, of very many failures the first', () => {
  expect(decodeStatus(encodeStatus(status))).toEqual(status);
  const failures = Array.from({ length: 1000 }, () => failure);
  const read = decodeStatus(encodeStatus({ ...status, pending: { ...status.pending, failures } }));
  expect(read.pending.failures.length).toBeGreaterThan(10);
  expect(read.pending.failures.length).toBeLessThan(1000);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"pid":'],
  ['another thing', '[]'],
  ['no process', JSON.stringify({ ...status, pid: '4711' })],
  ['nothing pending', JSON.stringify({ pid: 1 })],
  ['a count that is none', JSON.stringify({ ...status, pending: { ...status.pending, files: null } })],
  ['failures that are no list', JSON.stringify({ ...status, pending: { ...status.pending, failures: {} } })],
  [
    'a failure without a path',
    JSON.stringify({ ...status, pending: { ...status.pending, failures: [{ message: '' }] } }),
  ],
])('an answer with %s is that of another version of coffer', async (_, text) => {
  const decoding = async () => decodeStatus(Buffer.from(`${text}\0`));
  expect(await failureOf(decoding())).toBe('unsupported');
});
