/** Bytes, as a store states them in digits; -1 for what is no such number. */
export function statedSize(digits: string | undefined): number {
  return digits !== undefined && /^\d{1,15}$/.test(digits) ? Number(digits) : -1;
}
