import type { TransferOptions } from './session.ts';

/** Gives every spelling of a name the same text. */
export type Fold = (name: string) => string;

/** By what differently spelt names are taken for one, the strictest first: rclone's --no-unicode-normalization and
 *  --ignore-case-sync. */
export function foldsOf({ normalizeNames, ignoreCase }: TransferOptions): readonly Fold[] {
  if (!normalizeNames) return ignoreCase ? [lowerCase] : [];
  return ignoreCase ? [normalForm, foldName] : [normalForm];
}

/** As a disk sees it that ignores case and normal form. */
export function foldName(name: string): string {
  return lowerCase(normalForm(name));
}

// Most names are ASCII: to load the tables of Unicode for them would cost milliseconds.
function normalForm(name: string): string {
  return isAscii(name) ? name : name.normalize('NFC');
}

/** Each character by itself and to one, as Go's strings.ToLower does: Σ at the end of a word is σ too, İ is i. */
function lowerCase(name: string): string {
  if (isAscii(name)) return name.toLowerCase();
  return name.replace(/\p{Changes_When_Lowercased}/gu, (character) => [...character.toLowerCase()][0] ?? character);
}

function isAscii(name: string): boolean {
  return !/[^\0-\x7f]/.test(name);
}
