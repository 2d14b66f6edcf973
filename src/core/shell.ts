/** Between single quotes, where nothing is special to a shell. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word of a command that people copy: as it is where a shell takes it so. */
export function shellWord(word: string): string {
  return /^(?!~)[\w./~+@%=:,-]+$/.test(word) ? word : quoteForShell(word);
}
