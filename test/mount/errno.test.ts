import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { errnoOf, isOrdinary } from '../../src/mount/errno.ts';

const { ENOENT, EIO, EINTR, ENAMETOOLONG, EFBIG, ENOSPC } = constants.errno;

test('a failure becomes the errno that programs know for it', () => {
  expect(errnoOf(new Failure('not-found', 'x'), 'file')).toBe(ENOENT);
  expect(errnoOf(new Failure('transient', 'the network is away'), 'file')).toBe(EIO);
  expect(errnoOf(new Failure('cancelled', 'x'), 'file')).toBe(EINTR);
  expect(errnoOf(new Failure('full', 'x'), 'file')).toBe(ENOSPC);
  expect(errnoOf(new Error('a fault of ours'), 'file')).toBe(EIO);
});

test('what is too large in a folder is a name, and elsewhere a file', () => {
  expect(errnoOf(new Failure('too-large', 'x'), 'folder')).toBe(ENAMETOOLONG);
  expect(errnoOf(new Failure('too-large', 'x'), 'file')).toBe(EFBIG);
});

test('a user hears of what no program asked for', () => {
  expect(isOrdinary(new Failure('not-found', 'x'))).toBe(true);
  expect(isOrdinary(new Failure('transient', 'x'))).toBe(false);
  expect(isOrdinary(new Error('a fault of ours'))).toBe(false);
});
