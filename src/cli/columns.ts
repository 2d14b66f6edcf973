import type { Output } from './io.ts';

/** The width of the terminal that shows the output; infinite where none does. Asked anew each time: windows change. */
export function columnsOf({ isTerminal }: Output): number {
  return (isTerminal && (process.stdout.columns || process.stderr.columns)) || Number.POSITIVE_INFINITY;
}

/** Its height, in the same way. */
export function rowsOf({ isTerminal }: Output): number {
  return (isTerminal && (process.stdout.rows || process.stderr.rows)) || Number.POSITIVE_INFINITY;
}
