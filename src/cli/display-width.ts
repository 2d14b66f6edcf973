// East Asian Width W and F (Unicode, UAX #11), and emoji.
const wide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|(?![\u{1f1e6}-\u{1f1ff}])\p{Emoji_Presentation}/u;
const withoutWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;
// Makes an emoji, which is wide, of the sign before it.
const emojiSelector = '\ufe0f';
const ordinary = /^[\t -~\u00a0-\u02ff]*$/;

/** How many columns of a terminal a line takes. */
export function displayWidth(line: string): number {
  if (ordinary.test(line)) return line.length;
  let width = 0;
  for (const character of line) width += widthOf(character);
  return width;
}

/** As much of a line as `columns` can show. */
export function cutToWidth(line: string, columns: number): string {
  if (displayWidth(line) <= columns) return line;
  let width = 0;
  let length = 0;
  for (const character of line) {
    width += widthOf(character);
    if (width > columns) break;
    length += character.length;
  }
  return line.slice(0, length);
}

function widthOf(character: string): number {
  if (wide.test(character)) return 2;
  if (character === emojiSelector) return 1;
  return withoutWidth.test(character) ? 0 : 1;
}
