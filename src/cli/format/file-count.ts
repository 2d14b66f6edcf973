/** `1 file`, `3 files`. */
export function fileCount(count: number): string {
  return countOf(count, 'file');
}

/** `1 object`, `3 objects`, of what takes an s. */
export function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
