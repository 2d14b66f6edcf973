const programs = ['bat', 'btm', 'cmd', 'com', 'dll', 'exe'];
const archives = [
  ...['arj', 'bz2', 'deb', 'gz', 'lzh', 'rpm', 'tar', 'taz', 'tb2', 'tbz', 'tbz2', 'tgz', 'tz', 'tz2', 'z', 'zip'],
  'zoo',
];
const media = [
  ...['asf', 'avi', 'bmp', 'flac', 'gif', 'jpg', 'm2a', 'm2v', 'mov', 'mp3', 'mpeg', 'mpg', 'ogg', 'ppm', 'rm', 'tga'],
  ...['tif', 'wav', 'wmv', 'xbm', 'xpm'],
];

// Of ECMA-48's SGR: bold, and a colour.
const styles = new Map([
  ...programs.map((extension) => [extension, '1;32'] as const),
  ...archives.map((extension) => [extension, '1;31'] as const),
  ...media.map((extension) => [extension, '1;35'] as const),
]);

/** `text` in the colour that rclone's tree gives to a file, by its extension, or a folder of this name. */
export function coloured(text: string, name: string, isFolder: boolean): string {
  const [, extension = ''] = /\.([^.]*)$/.exec(name) ?? [];
  const style = styles.get(extension.toLowerCase()) ?? (isFolder ? '1;34' : undefined);
  return style === undefined ? text : `\x1b[${style}m${text}\x1b[0m`;
}
