/** The longest that a timer of node waits, in milliseconds: with more it would be due at once. */
export const longestDelay = 2 ** 31 - 1;

/** What to give a timer that is to be due after so many milliseconds, or never. */
export function timerDelay(milliseconds: number): number {
  return Math.min(milliseconds, longestDelay);
}
