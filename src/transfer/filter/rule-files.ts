/** The lines of a file of rules: trimmed, without the blank ones and the comments (`#`, `;`). */
export function ruleLines(text: string): string[] {
  return rawLines(text)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith(';'));
}

/** Lines as they are; an empty last one is none. A carriage return belongs to the line's end. */
export function rawLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
