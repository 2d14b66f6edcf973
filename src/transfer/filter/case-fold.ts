/** The characters that differ from one in `items` only by case, as Unicode's simple case folding sees it
 *  (Go's unicode.SimpleFold). `items` is the inside of a class in JavaScript's `v` syntax, and so is the answer. */
export function caseVariants(items: string): string {
  let variants = known.get(items);
  if (variants === undefined) {
    variants =
      casedCharacters()
        .match(new RegExp(`[${items}]`, 'giv'))
        ?.join('') ?? '';
    known.set(items, variants);
  }
  return variants;
}

const known = new Map<string, string>();
let cased: string | undefined;

// Node 20 lacks inline (?i:…), so folding is spelled out. Built on first use: most filters never fold.
function casedCharacters(): string {
  if (cased === undefined) {
    const lastCasedPlane = 0x1ffff;
    const all: string[] = [];
    for (let point = 0; point <= lastCasedPlane; point++) all.push(String.fromCodePoint(point));
    cased = all.filter((character) => /\p{Changes_When_Casemapped}/u.test(character)).join('');
  }
  return cased;
}
