import { readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { copyFile } from '../../../src/remotes/local/copy.ts';
import { localFolder } from './folder.ts';

const folder = localFolder();
afterAll(() => folder.remove());
const remote = folder.remote();
const long = `${folder.path}/long`;
// A hole costs nothing to make, and a file system that shares blocks must not answer for what is tested here.
const size = (65 << 20) + 5;
writeFileSync(`${folder.disk}/long`, 'start');
truncateSync(`${folder.disk}/long`, size);

describe('a long copy', () => {
  it('tells how far it is, and is the same file', async () => {
    let told = 0;
    const onBytes = (length: number) => {
      told += length;
    };
    await remote.copy?.(long, `${folder.path}/copy`, { onBytes });
    const [from, to] = [`${folder.disk}/long`, `${folder.disk}/copy`];
    expect(readFileSync(to).equals(readFileSync(from))).toBe(true);
    expect(statSync(to).mtime).toEqual(statSync(from).mtime);
    // All of it, or none where the file system shared the blocks.
    expect([0, size]).toContain(told);
    rmSync(to);
  });

  it('changes nothing that somebody else makes its temporary name lead to', async () => {
    const secret = `${folder.disk}/secret`;
    writeFileSync(secret, 'mine', { mode: 0o600 });
    const before = statSync(secret, { bigint: true });
    const onBytes = (): void => {
      const temporary = readdirSync(folder.disk).find((name) => name.endsWith('.partial') && name.startsWith('led'));
      if (temporary === undefined) return;
      rmSync(`${folder.disk}/${temporary}`);
      symlinkSync(secret, `${folder.disk}/${temporary}`);
    };
    await remote.copy?.(long, `${folder.path}/led`, { onBytes });
    const { mode, mtimeNs, ctimeNs } = before;
    expect(statSync(secret, { bigint: true })).toMatchObject({ mode, mtimeNs, ctimeNs });
    expect(readFileSync(secret, 'utf8')).toBe('mine');
    rmSync(`${folder.disk}/led`);
    rmSync(secret);
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const stop = new AbortController();
    let isCopying = false;
    const onBytes = () => {
      isCopying = true;
      stop.abort(new Failure('cancelled', 'stopped'));
    };
    const copied = remote.copy?.(long, `${folder.path}/stopped`, { signal: stop.signal, onBytes });
    const outcome = await copied?.then(() => null).catch((error: unknown) => error);
    if (isCopying) {
      expect(outcome).toMatchObject({ kind: 'cancelled' });
      expect(readdirSync(folder.disk)).toEqual(['long']);
    }
  });
});

it('a source that cannot be opened is what the message names', async () => {
  const found = { disk: `${folder.disk}/gone`, stats: statSync(folder.disk, { bigint: true }), link: null };
  const to = { disk: `${folder.disk}/to`, path: `${folder.path}/to` };
  await expect(copyFile(found, `${folder.path}/gone`, to, true, undefined)).rejects.toMatchObject({
    kind: 'not-found',
    path: `${folder.path}/gone`,
  });
});
