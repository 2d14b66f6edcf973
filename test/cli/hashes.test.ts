import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBench, writeTree } from './run.ts';

const bench = createBench('hashes');

beforeAll(async () => {
  writeTree(bench.path('plain'), { 'a.txt': 'hello', 'dir/b.txt': 'world', 'dir/empty': '' });
  await bench.rclone(['copy', 'plain', 'secret:']);
  writeTree(bench.path('other'), { 'a.txt': 'hello', 'dir/b.txt': 'w0rld', extra: 'x' });
  const sums = await bench.rclone(['sha1sum', 'plain']);
  writeFileSync(bench.path('sums'), sums.stdout);
  await bench.rclone(['copyto', 'sums', 'secret:sums-of-them']);
});

it.each([
  'md5sum plain',
  'sha1sum plain',
  'hashsum MD5 plain',
  'hashsum SHA-1 plain/a.txt',
  'hashsum SHA256 plain --include b*',
  'hashsum sha1 --base64 plain',
  'md5sum --base64 --download secret:',
  'hashsum sha256 --download secret:dir',
  'sha1sum --checkfile sums plain',
  'sha1sum -C sums other',
  'sha1sum -C sums --download secret:',
  'sha1sum -C sums secret:',
  'hashsum sha1 -C sums plain/a.txt',
  'check --checkfile sha1 --combined - sums other',
  'check -C SHA-1 --one-way --match - sums other',
  'checksum sha1 sums plain',
  'checksum SHA-1 --combined - sums other',
  'checksum sha1 --one-way --combined - sums other',
  'checksum sha1 --one-way --missing-on-dst - sums other',
  'checksum sha1 --missing-on-src - --differ - sums other',
  'checksum sha1 --combined - --include *b* sums other',
  'checksum sha1 --download --match - secret:sums-of-them secret:',
  'checksum sha1 --combined - sums secret:',
  'checksum sha1 --combined - sums nowhere',
  'checksum sha1 --combined - --min-size 1 sums nowhere',
  'sha1sum -C sums --min-age 1d other',
  'checksum sha1 --combined - nosums plain',
  'checksum sha1 --combined - plain plain',
])('%s prints what rclone prints', async (line) => {
  await bench.same(line.split(' '));
});

describe('standard input', () => {
  it.each(['md5sum', 'sha1sum -', 'hashsum sha256', 'hashsum sha1 --base64 -'])('is hashed by %s', async (line) => {
    await bench.same(line.split(' '), { input: 'abc' });
  });
});

it('--output-file takes the place of standard output', async () => {
  const { stdout } = await bench.coffer(['md5sum', 'plain/a.txt', '--output-file', 'md5.out']);
  expect(stdout).toBe('');
  expect(readFileSync(bench.path('md5.out'), 'utf8')).toBe('5d41402abc4b2a76b9719d911017c592  a.txt\n');
});

it('a hash that the store does not keep is an error that names the way out', async () => {
  const { code, stdout, stderr } = await bench.coffer(['md5sum', 'secret:']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('--download');
});

it('without a hash the list of those that are known is printed', async () => {
  const { code, stdout } = await bench.coffer(['hashsum']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'Supported hashes are:\n  * md5\n  * sha1\n  * sha256\n  * sha512\n',
  });
});

it('an unknown hash is refused by name', async () => {
  const { code, stderr } = await bench.coffer(['hashsum', 'md6', 'plain']);
  expect(code).toBe(1);
  expect(stderr).toContain('unknown hash type "md6"');
});

it('a line of a sum file that makes no sense is told and left out', async () => {
  writeFileSync(bench.path('odd'), 'nonsense\n5D41402ABC4B2A76B9719D911017C592 *a.txt\r\n');
  const { code, stdout, stderr } = await bench.coffer(['md5sum', '-C', 'odd', 'plain/a.txt']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '= a.txt\n' });
  expect(stderr).toContain('odd: improperly formatted checksum line 1');
});
