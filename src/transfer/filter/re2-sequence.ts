import { emitSet, literal } from './re2-class.ts';

const slash = literal(0x2f);
const inName = emitSet({ items: slash, isNegated: true }, false);
/** The star of a glob. */
const star = `(?:${inName}*)`;

let groups = 0;

/** The atoms of a pattern one after the other. V8 would try each place that the stars of `*_*_*.gz` can end at, with each of
 *  the others: days for a long name, which anybody may have chosen, where Go takes no time. What stands between two stars
 *  is looked for once, from the left: the second star takes what the first one leaves. */
export function emitSequence(atoms: readonly string[]): string {
  let source = '';
  for (let index = 0; index < atoms.length; index++) {
    const end = atoms[index] === star ? endOfPiece(atoms, index + 1) : index;
    if (end === index || atoms[end] !== star) {
      source += atoms[index];
      continue;
    }
    const name = `piece${groups++}`;
    // JavaScript does not go back into what stands in a lookahead.
    source += `(?=(?<${name}>${inName}*?${atoms.slice(index + 1, end).join('')}))\\k<${name}>`;
    index = end - 1;
  }
  return source;
}

/** Behind the characters from `start` on. */
function endOfPiece(atoms: readonly string[], start: number): number {
  let end = start;
  while (isCharacter(atoms[end])) end++;
  return end;
}

/** Whether it matches one character, which is a slash always or never: else the leftmost place may be the wrong one. */
function isCharacter(atom: string | undefined): boolean {
  if (atom === undefined || atom.startsWith('(')) return false;
  return atom === slash || !new RegExp(`^${atom}$`, 'v').test('/');
}
