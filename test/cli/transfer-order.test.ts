import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBench, messages, type Tree, writeTree } from './run.ts';
import { type Places, sideBySide } from './side-by-side.ts';

const bench = createBench('transfer-order');
const newer = new Date('2024-03-01T00:00:00Z');

const places: Places = {
  src: [{ 'a.txt': 'new', same: 'same', 'dir/c': 'new c', 'dir/deep/d': 'd', only: 'only', 'empty/': '' }, newer],
  dst: [{ 'a.txt': 'old', 'dir/c': 'old c', 'x.bin': 'x', 'gone/g': 'g', 'dir/gone': 'gone', same: 'same' }],
};

describe('what is deleted, and when', () => {
  it.each([
    ['sync src dst --delete-before', 0],
    ['sync src dst --delete-during', 0],
    ['sync src dst --delete-after', 0],
    ['sync src dst --delete-before --backup-dir bak', 0],
    ['sync src dst --delete-during --suffix .old', 0],
    ['sync src dst --delete-before --exclude x.bin', 0],
    ['sync src dst --delete-before --create-empty-src-dirs', 0],
    ['sync src dst --delete-during -n', 0],
    ['sync src dst --delete-before -n', 0],
    ['sync src secret:dst --delete-before', 0],
    ['sync src secret:dst --delete-during', 0],
    ['sync src dst --delete-before --max-delete 0 --retries 1', 7],
    ['sync src dst --delete-during --immutable --retries 1', 6],
    ['sync nowhere dst --delete-before --retries 1', 3],
    ['sync nowhere dst --delete-during --retries 1', 3],
    ['sync src dst --delete-before --delete-after', 1],
    ['sync src dst --delete-during --delete-after', 1],
  ])('%s', async (line, expected) => {
    const { code } = await sideBySide(bench, line, places);
    expect(code).toBe(expected);
  });

  it.each([
    ['--delete-before', ['Deleted', 'Copied']],
    ['--delete-after', ['Copied', 'Deleted']],
  ])('%s', async (flag, order) => {
    const { stderr, theirs } = await sideBySide(bench, `sync src dst ${flag} -v`, places);
    for (const log of [stderr, theirs]) {
      const acts = messages(log).flatMap((line) => /: (Deleted|Copied)/.exec(line)?.[1] ?? []);
      expect([...new Set(acts)]).toEqual(order);
      expect(acts.slice(acts.indexOf(order[1] as string))).not.toContain(order[0]);
    }
  });
});

describe('how the destination is looked at', () => {
  it.each([
    ['copy src dst --no-traverse', 0],
    ['copy src dst --no-traverse --backup-dir bak', 0],
    ['copy src dst --no-traverse --create-empty-src-dirs', 0],
    ['copy src dst --no-traverse --exclude deep/**', 0],
    ['copy src secret:dst --no-traverse', 0],
    ['move src dst --no-traverse', 0],
    ['sync src dst --no-traverse', 0],
    ['copy src/a.txt dst --no-traverse', 0],
    ['copy src dst --no-check-dest', 0],
    ['copy src secret:dst --no-check-dest', 0],
    ['move src dst --no-check-dest --delete-empty-src-dirs', 0],
    ['copyto src/a.txt dst/same --no-check-dest', 0],
    ['sync src dst --no-check-dest', 1],
    ['copy src dst --no-check-dest --immutable', 1],
    ['copy src dst --check-first', 0],
    ['sync src dst --check-first --transfers 1', 0],
    ['move src secret:dst --check-first', 0],
  ])('%s', async (line, expected) => {
    const { code } = await sideBySide(bench, line, places);
    expect(code).toBe(expected);
  });

  it('--no-traverse asks for what it knows by name', async () => {
    const { stderr } = await sideBySide(bench, 'copy src dst --no-traverse -v', places);
    const told = messages(stderr).filter((line) => line.includes('a.txt'));
    expect(told).toEqual(['INFO  : a.txt: Copied (replaced existing)']);
  });

  it('--no-check-dest keeps what --backup-dir is to keep; rclone does not', async () => {
    writeTree(bench.path('from'), { a: 'new' });
    writeTree(bench.path('to'), { a: 'old' });
    const { code } = await bench.coffer(['copy', 'from', 'to', '--no-check-dest', '--backup-dir', 'kept']);
    expect(code).toBe(0);
    expect((await bench.coffer(['cat', 'kept/a'])).stdout).toBe('old');
  });

  it('--check-first compares all before it copies anything', async () => {
    const { stderr, theirs } = await sideBySide(bench, 'copy src dst --check-first -v', places);
    for (const log of [stderr, theirs]) {
      const told = messages(log);
      const begun = told.findIndex((line) => line.includes('Checks finished, now starting transfers'));
      expect(told.findIndex((line) => line.includes('Copied'))).toBeGreaterThan(begun);
      expect(begun).toBeGreaterThan(told.findIndex((line) => line.includes('Running all checks before starting')));
    }
  });
});

describe('--order-by is rclone’s', () => {
  const files: Tree = { b: '12', a: '1234', 'd/c': '1', 'd/é': '12345', Z: '123', 'z y': '123456' };
  const names = Object.keys(files);

  async function order(line: string): Promise<[string[], string[]]> {
    const logs: string[][] = [];
    writeTree(bench.path('sized'), files);
    for (const [index, name] of names.entries()) {
      utimesSync(join(bench.path('sized'), name), newer, new Date(newer.getTime() + ((index * 7) % 6) * 10_000));
    }
    for (const program of ['coffer', 'rclone'] as const) {
      const args = [...`copy sized ordered-by-${program} --check-first -v`.split(' '), ...line.split(' ')];
      const { stderr } = await bench[program](args);
      logs.push(messages(stderr).flatMap((text) => /^INFO {2}: (.*): Copied/.exec(text)?.[1] ?? []));
      await bench.rclone(['purge', `ordered-by-${program}`]);
    }
    return logs as [string[], string[]];
  }

  it.each([
    'size',
    'size,ascending',
    'size,desc',
    'name',
    'name,descending',
    'modtime',
    'modtime,DESCENDING',
    'Size,asc',
    'size,mixed',
    'name,mixed,0',
  ])('%s', async (given) => {
    const [ours, theirs] = await order(`--order-by ${given} --transfers 1`);
    expect(ours).toEqual(theirs);
    expect(ours).toHaveLength(names.length);
  });

  it.each(['size,mixed,50', 'name', 'modtime,mixed,25'])(
    '%s with several at once leaves nothing out',
    async (given) => {
      const { code } = await sideBySide(bench, `sync src dst --order-by ${given}`, places);
      expect(code).toBe(0);
    },
  );

  it.each(['weight', 'size,up', 'size,asc,5', 'size,mixed,half', 'size,mixed,-5', 'size,mixed,5,5'])(
    '%s is refused',
    async (given) => {
      const { code, tree } = await sideBySide(bench, `sync src dst --order-by ${given}`, places);
      expect(code).toBe(7);
      expect(tree).toMatchObject({ 'dst/a.txt': 'old', 'dst/x.bin': 'x' });
    },
  );
});
