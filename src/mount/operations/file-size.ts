/** Whether a file may be this long: beyond, a number does not hold each position any more, and no store keeps it. */
export function isFileSize(size: number): boolean {
  return Number.isSafeInteger(size);
}
