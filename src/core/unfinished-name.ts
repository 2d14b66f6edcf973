const ending = /\.[0-9a-f]{8}\.partial$/;

/** What stands behind a file's name on a disk until it is whole, as newer rclones have it. `tag`: 32 bits. */
export function unfinishedEnding(tag: number): string {
  return `.${tag.toString(16).padStart(8, '0')}.partial`;
}

/** Whether a program is still writing what has this name, or was killed while it did. */
export function isUnfinishedName(name: string): boolean {
  return ending.test(name);
}
