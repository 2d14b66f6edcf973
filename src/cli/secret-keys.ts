const enter = [0x0a, 0x0d];
const erase = [0x08, 0x7f];
const ctrlC = 0x03;
const ctrlD = 0x04;
const ctrlU = 0x15;

/** What a key did to a line that is typed without echo. */
export type KeyEffect = 'typing' | 'entered' | 'cancelled' | 'ended';

/** Takes one byte from a terminal in raw mode, where a program does the editing itself: `typed` holds the line so far. */
export function takeKey(typed: number[], byte: number): KeyEffect {
  if (enter.includes(byte)) return 'entered';
  if (byte === ctrlC) return 'cancelled';
  if (byte === ctrlD) return 'ended';
  if (byte === ctrlU) typed.length = 0;
  else if (erase.includes(byte)) eraseLast(typed);
  else typed.push(byte);
  return 'typing';
}

/** Removes the last character: its continuation bytes, then its first byte. */
function eraseLast(typed: number[]): void {
  while (((typed.at(-1) ?? 0) & 0xc0) === 0x80) typed.pop();
  typed.pop();
}
