/** `did you mean "copy"? `, to be put before other advice; empty where no known word is like this one. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const typed = word.toLowerCase();
  const letters = typed.replace(/^-+/, '').length;
  let nearest: string | null = null;
  let fewest = Math.min(2, Math.floor((letters - 1) / 2));
  for (const candidate of known) {
    const isBegun = letters > 3 && candidate.toLowerCase().startsWith(typed);
    const slips = isBegun ? 1 : slipsBetween(typed, candidate.toLowerCase());
    if (slips > fewest || (slips === fewest && nearest !== null)) continue;
    nearest = candidate;
    fewest = slips;
  }
  return nearest === null ? '' : `did you mean "${nearest}"? `;
}

/** How many letters must be left out, put in, changed or swapped with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(changed, swapped, at(last, j) + 1, at(row, j - 1) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
