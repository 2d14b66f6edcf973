import { expect, test } from 'vitest';
import { helperLine } from '../../../src/cli/mount/helper.ts';

const argv = (...words: string[]): readonly string[] | undefined => helperLine('/sbin/mount.coffer', words)?.argv;

test('mount(8) calls by a name of its own', () => {
  expect(helperLine('/usr/bin/coffer', ['mount', 'a:', '/b'])).toBeNull();
  expect(helperLine('/sbin/mount.fuse.coffer', ['a:', '/b'])?.argv).toEqual(['mount', '--daemon', 'a:', '/b']);
});

test('options of fstab are flags, or for the kernel, or for others', () => {
  const options = 'rw,relatime,noexec,nofail,_netdev,nogroup,x-systemd.automount,allow_other,dir_cache_time=10s,ro';
  expect(argv('a:', '/b', '-s', '-o', options, '-t', 'fuse.coffer', '-v')).toEqual([
    'mount',
    '--daemon',
    'a:',
    '/b',
    '--option=noexec',
    '--option=allow_other',
    '--dir-cache-time=10s',
    '--read-only',
    '-v',
  ]);
});

test('mount -o remount is for those who read the kernel’s options to answer', () => {
  expect(argv('a:', '/b', '-o', 'remount,ro')).toEqual([
    'mount',
    '--daemon',
    'a:',
    '/b',
    '--option=remount',
    '--read-only',
  ]);
});

test('a value in quotes may hold commas and quotes', () => {
  expect(argv('a:', '/b', '-o', `devname="x, ""y""",config='/etc/my, own',v`)).toEqual([
    'mount',
    '--daemon',
    'a:',
    '/b',
    '--devname=x, "y"',
    '--config=/etc/my, own',
    '-v',
  ]);
});

test('mount --fake is no flag of ours', () => {
  const words = ['a:', '/b', '-f', '-o', 'ro'];
  expect(helperLine('mount.coffer', words)).toMatchObject({
    isFake: true,
    argv: ['mount', '--daemon', 'a:', '/b', '--read-only'],
  });
});

test('variables are set', () => {
  expect(helperLine('mount.coffer', ['a:', '/b', '-o', 'env.HOME=/root,env.A=b=c'])?.environment).toEqual({
    HOME: '/root',
    A: 'b=c',
  });
});
