import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { codeOf, messageOf } from '../../src/core/failure.ts';

const { EDQUOT, ESTALE } = constants.errno;

// As node spells them: the direct calls of file handles by number differ from all others.
test.each([
  [EDQUOT, `Unknown system error -${EDQUOT}`, `Unknown system error -${EDQUOT}`, 'EDQUOT', 'disk quota exceeded'],
  [EDQUOT, 'UNKNOWN', 'unknown error', 'EDQUOT', 'disk quota exceeded'],
  [ESTALE, 'UNKNOWN', 'unknown error', 'ESTALE', 'stale file handle'],
  [
    117,
    'Unknown system error -117',
    'Unknown system error -117',
    'Unknown system error -117',
    'Unknown system error -117',
  ],
  [constants.errno.ENOSPC, 'ENOSPC', 'no space left on device', 'ENOSPC', 'no space left on device'],
])("the system's error %i, which node calls %s, %s, is %s, %s", (errno, code, words, name, message) => {
  const error = Object.assign(new Error(`${code}: ${words}, write`), { errno: -errno, code, syscall: 'write' });
  expect(codeOf(error)).toBe(name);
  expect(messageOf(error)).toBe(`${name}: ${message}, write`);
});
