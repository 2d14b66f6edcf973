import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { programPath } from '../program.ts';
import { type Result, run } from '../servers/run.ts';
import { createBench } from './run.ts';

const bench = createBench('unknown-user');
const { path } = bench;

/** As a container's made-up user runs it: the system knows a number, and neither a name for it nor a home. */
function coffer(...args: readonly string[]): Promise<Result> {
  const user = ['--user', '--map-user=54321', '--map-group=54321'];
  const nameless = ['env', '--unset=HOME', '--unset=USER', '--unset=XDG_CACHE_HOME'];
  const options = { cwd: bench.folder, env: { RCLONE_CONFIG: path('rclone.conf') } };
  return run('unshare', [...user, ...nameless, process.execPath, programPath, ...args], options);
}

describe('a user whom the system does not know', () => {
  it('copies, puts and gets', async () => {
    writeFileSync(path('file'), 'bytes');
    expect(await coffer('copy', 'file', 'secret:')).toMatchObject({ code: 0 });
    expect(await coffer('put', 'file', '-b', 'store:bucket')).toMatchObject({ code: 0 });
    expect(readFileSync(path('sealed/bucket/file_ameta'), 'utf8')).toMatch(/^user: 54321$/m);
    expect(await coffer('get', 'store:bucket/file', '--target_dir', 'back')).toMatchObject({ code: 0 });
    expect(readFileSync(path('back/file'), 'utf8')).toBe('bytes');
  });

  it.for([
    ['a key', ['key', 'show']],
    ['the cache of a mount', ['mount', 'store:', 'mount-point']],
  ] as const)('is told to set HOME where %s would be in it', async ([, args]) => {
    mkdirSync(path('mount-point'), { recursive: true });
    const { code, stderr } = await coffer(...args);
    expect(stderr).toContain('this user has no home folder: set HOME');
    expect(code).toBe(1);
  });
});
