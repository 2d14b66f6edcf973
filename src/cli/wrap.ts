/** Breaks lines between words so that none has more than `columns` characters, save a word that is longer itself:
 *  it stays behind the words before it, as does a generated password behind what names it. */
export function wrap(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns))
    .join('\n');
}

function wrapLine(line: string, columns: number): string {
  if (line.length <= columns) return line;
  const [first = '', ...words] = line.split(' ');
  let wrapped = first;
  let width = first.length;
  for (const word of words) {
    const fits = width + 1 + word.length <= columns || word.length > columns;
    wrapped += `${fits ? ' ' : '\n'}${word}`;
    width = fits ? width + 1 + word.length : word.length;
  }
  return wrapped;
}
