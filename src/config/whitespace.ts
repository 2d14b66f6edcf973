// Go's unicode.IsSpace, by which rclone trims: JavaScript's own trim takes U+FEFF too and leaves U+0085.
const space = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const leading = new RegExp(`^${space}+`);
const trailing = new RegExp(`(?<!${space})${space}+$`);

/** Without the white space at both ends, by Go's definition of it. */
export function trimSpace(text: string): string {
  return text.replace(leading, '').replace(trailing, '');
}
