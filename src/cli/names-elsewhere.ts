/** Commands of the Allas tools, the crypt4gh tool, shells and other versions of rclone, and what coffer calls them. */
export const namesElsewhere: ReadonlyMap<string, string> = new Map([
  ['a-access', 'access'],
  ['a-delete', 'deletefile'],
  ['a-encrypt', 'encrypt'],
  ['a-find', 'find'],
  ['a-get', 'get'],
  ['a-info', 'objects'],
  ['a-list', 'objects'],
  ['a-publish', 'access'],
  ['a-put', 'put'],
  ['a-stream', 'cat'],
  ['allas-conf', 'login'],
  ['allas_conf', 'login'],
  ['allas-mount', 'mount'],
  ['crypt4gh-keygen', 'crypt4gh keygen'],
  ['keygen', 'key new'],
  ['genautocomplete', 'completion'],
  ['cp', 'copy'],
  ['download', 'copy'],
  ['upload', 'copy'],
  ['list', 'ls'],
  ['mv', 'move'],
  ['rename', 'moveto'],
  ['rm', 'deletefile'],
  ['umount', 'unmount'],
]);

/** Commands of rclone that coffer does not have. */
export const lackingCommands: readonly string[] = [
  ...['authorize', 'backend', 'bisync', 'copyurl', 'dedupe', 'gendocs', 'ncdu', 'rc', 'rcd', 'selfupdate', 'serve'],
  ...['settier', 'test'],
];

const lackingFlags: readonly string[] = [
  ...['auto-confirm', 'cpuprofile', 'debug-fuse', 'disable-http-keep-alives', 'dscp', 'fuse-flag', 'memprofile'],
  ...['network-mode', 'no-console', 'no-seek', 'noappledouble', 'noapplexattr', 'rc', 'stats-one-line-date-format'],
  ...['syslog', 'syslog-facility', 'temp-dir', 'use-cookies'],
  ...['vfs-case-insensitive', 'vfs-disk-space-total-size', 'vfs-used-is-size'],
];

/** Whether it is a flag of rclone that no command of coffer has. */
export function isLackingFlag(name: string): boolean {
  return lackingFlags.includes(name) || name.startsWith('rc-');
}
