import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { programPath } from '../program.ts';
import { run } from '../servers/run.ts';
import { makeStage, type Stage, type StageOptions } from './stage.ts';

const { remotes } = inject('lab');
const bucket = (): string => `kept-${Math.random().toString(36).slice(2)}`;

const stores: readonly (readonly [name: string, lower: StageOptions['lower'] | undefined])[] = [
  ['a folder', undefined],
  ['Swift', { remote: `lower:${bucket()}`, sections: { lower: remotes['swift-v3'] } }],
  ['Ceph by Swift', { remote: `lower:${bucket()}`, sections: { lower: remotes['ceph-v1'] } }],
  ['Ceph by S3', { remote: `lower:${bucket()}`, sections: { lower: remotes['ceph-s3'] } }],
];

/** Runs in the mounted folder what python's os module does, one call a line; prints errno's names. */
async function python(stage: Stage, ...lines: readonly string[]): Promise<string> {
  const script = [
    'import os, errno, sys',
    'def attempt(action):',
    '  try: print(action())',
    '  except OSError as error: print(errno.errorcode[error.errno])',
    ...lines,
  ].join('\n');
  const { code, stdout, stderr } = await run('timeout', ['60', 'python3', '-c', script], { cwd: stage.mountPoint });
  if (code !== 0) throw new Error(stdout + stderr);
  return stdout;
}

describe.each(stores)('a mount over crypt on %s', (_name, lower) => {
  test('shows modes, owners, links and extended attributes again when it is mounted again', async () => {
    await using stage = makeStage(lower ? { lower } : {});
    await stage.mount('--vfs-write-back', '1h');
    await python(
      stage,
      `for name in ('dirty', 'clean', 'again'): open(name, 'w').write('content of ' + name)`,
      `os.chmod('dirty', 0o640)`,
      `os.setxattr('dirty', 'user.origin', b'sequencer 7')`,
      `os.chown('dirty', 1234, 5678)`,
      `os.close(os.open('secret', os.O_CREAT | os.O_WRONLY, 0o600))`,
      `os.symlink('dirty', 'link'); os.symlink('/no/where', 'dangling')`,
    );
    await stage.unmount();
    await stage.mount('--vfs-write-back', '1h');
    await python(
      stage,
      `os.chmod('clean', 0o4755); os.setxattr('clean', 'user.large', b'x' * 1000)`,
      `os.chmod('again', 0o755); os.utime('again', ns=(0, 1234567890123456789))`,
      `open('again', 'a').write('!')`,
      `os.rename('link', 'renamed')`,
    );
    await stage.unmount();
    // On the store's side, rclone takes along what it does not know.
    await stage.rclone('touch', '--no-create', '--timestamp', '2020-01-02T03:04:05', 'sealed:dirty');
    await stage.rclone('moveto', 'sealed:secret', 'sealed:moved');
    await stage.mount();
    const seen = await python(
      stage,
      `for name in sorted(os.listdir()):`,
      `  found = os.lstat(name)`,
      `  print(name, oct(found.st_mode), found.st_uid, found.st_gid, found.st_size)`,
      `print(os.readlink('renamed'), os.readlink('dangling'), open('renamed').read())`,
      `print(os.listxattr('dirty'), os.getxattr('dirty', 'user.origin'), len(os.getxattr('clean', 'user.large')))`,
      `attempt(lambda: os.getxattr('dirty', 'user.none'))`,
      `attempt(lambda: os.setxattr('dirty', 'user.huge', b'x' * 5000))`,
      `attempt(lambda: os.setxattr('dirty', 'trusted.x', b'x'))`,
      `attempt(lambda: os.setxattr('dirty', 'user.', b'x'))`,
      `attempt(lambda: os.link('dirty', 'hard'))`,
    );
    expect(seen.split('\n')).toEqual([
      'again 0o100755 0 0 17',
      'clean 0o104755 0 0 16',
      'dangling 0o120777 0 0 9',
      'dirty 0o100640 1234 5678 16',
      'moved 0o100600 0 0 0',
      'renamed 0o120777 0 0 5',
      'dirty /no/where content of dirty',
      "['user.origin'] b'sequencer 7' 1000",
      'ENODATA',
      'ENOSPC',
      'ENOTSUP',
      'EINVAL',
      'EPERM',
      '',
    ]);
    await stage.unmount().catch((error: unknown) => {
      // The log tells of what did not fit.
      expect(String(error)).toMatch(/its attributes would need \d+ bytes, the remote takes \d+/);
    });

    const listed = await stage.rclone('lsf', '-R', '--format', 'sp', 'sealed:');
    expect(listed.trim().split('\n').sort()).toEqual([
      '0;moved',
      '16;clean',
      '16;dirty',
      '17;again',
      '5;renamed.rclonelink',
      '9;dangling.rclonelink',
    ]);
    const copy = join(stage.folder, 'copy');
    await stage.rclone('copy', 'sealed:', copy);
    expect(readFileSync(join(copy, 'clean'), 'utf8')).toBe('content of clean');
    await stage.rclone('cryptcheck', copy, 'sealed:');
    expect(readFileSync(join(await stage.stored(), 'renamed'), 'utf8')).toBe('content of dirty');
  });
});

describe.each(stores)('copy --metadata and a mount over crypt on %s', (_name, lower) => {
  test('show each other modes, owners and extended attributes', async () => {
    await using stage = makeStage(lower ? { lower } : {});
    const [source, back] = [join(stage.folder, 'source'), join(stage.folder, 'back')];
    const coffer = (...args: readonly string[]) => stage.output(process.execPath, programPath, ...args);
    const look = `import os; found = os.stat('file'); print(oct(found.st_mode), found.st_uid, found.st_gid, os.getxattr('file', 'user.origin'))`;
    mkdirSync(source);
    writeFileSync(join(source, 'file'), 'content');
    const set = (mode: string) =>
      `import os; os.setxattr('file', 'user.origin', b'sequencer ${mode}'); os.chown('file', 0o${mode}, 5678); os.chmod('file', 0o${mode})`;
    const run = (folder: string, script: string) => stage.run('python3', ['-c', script], { cwd: folder });

    await run(source, set('640'));
    await coffer('copy', '--metadata', source, 'sealed:');
    await stage.mount();
    expect((await run(stage.mountPoint, look)).stdout).toBe(`0o100640 ${0o640} 5678 b'sequencer 640'\n`);
    await run(stage.mountPoint, set('711'));
    await stage.unmount();
    await coffer('copy', '--metadata', 'sealed:', back);
    expect((await run(back, look)).stdout).toBe(`0o100711 ${0o711} 5678 b'sequencer 711'\n`);
  });
});

test('with --fsync-remote, what a program syncs is in the store before it goes on', async () => {
  await using stage = makeStage();
  await stage.mount('--fsync-remote', '--vfs-write-back', '1h');
  await python(stage, `file = open('file', 'w')`, `file.write('content')`, `file.flush()`, `os.fsync(file.fileno())`);
  await stage.kill();
  expect(await stage.rclone('cat', 'sealed:file')).toBe('content');
});

test('with --vfs-cache-plain, what is written lies in the cache as it is', async () => {
  await using stage = makeStage();
  await stage.mount('--vfs-cache-plain', '--vfs-write-back', '1h');
  await python(stage, `open('file', 'w').write('GATTACA' * 10)`);
  const found = await stage.run('grep', ['-rl', 'GATTACA', join(stage.folder, 'cache')]);
  expect(found.stdout).toMatch(/-plain\.blocks\n$/);
  await stage.unmount();
  expect(await stage.rclone('cat', 'sealed:file')).toBe('GATTACA'.repeat(10));
});
