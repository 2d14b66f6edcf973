/** A number that is not negative, with so many digits behind the point, as Go's `%.3f` writes it: a tie goes to the even
 *  digit, where toFixed goes up. */
export function formatFixed(value: number, digits: number): string {
  const rounded = value.toFixed(digits);
  // Only a fraction of powers of two can lie in the middle of two decimal ones.
  const isTie = (value * 2 ** (digits + 1)) % 2 === 1;
  const isOdd = Number(rounded.at(-1)) % 2 === 1;
  if (!isTie || !isOdd) return rounded;
  return (Math.floor(value * 10 ** digits) / 10 ** digits).toFixed(digits);
}
