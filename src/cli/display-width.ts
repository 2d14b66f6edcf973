import { eastAsianWidth } from 'get-east-asian-width';

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
  if (character === emojiSelector) return 1;
  return withoutWidth.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
}
