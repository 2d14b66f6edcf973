import { Failure, messageOf } from '../../core/failure.ts';
import { compileRe2 } from './re2.ts';

/** A glob in the two forms that it takes: rclone's regular expression (Go's syntax) and what matches here. */
export interface Glob {
  readonly source: string;
  readonly pattern: RegExp;
}

/** Compiles rclone's glob. Throws Failure('usage') where rclone refuses it. Source: rclone's docs/filtering. */
export function compileGlob(glob: string, ignoreCase: boolean): Glob {
  const source = (ignoreCase ? '(?i)' : '') + globToRe2(glob);
  try {
    return { source, pattern: compileRe2(source) };
  } catch (error) {
    throw new Failure('usage', `bad glob pattern "${glob}" (regexp "${source}"): ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The globs of all folders, each with a slash behind it, in which a file that `glob` matches may lie. The deepest
 *  comes first; `/` is the root. What cannot be told from the text (`{a/b}`, `{{…}}`) may lie anywhere: `/**`. */
export function folderGlobs(glob: string): string[] {
  if (/\{[^{}]*(?:\*\*|\/)[^{}]*\}|\{\{|\}\}/.test(glob)) return ['/**'];
  const globs: string[] = [];
  let rest = glob.replace(/\/{2,}/g, '/');
  for (;;) {
    const slash = rest.lastIndexOf('/');
    const stars = rest.lastIndexOf('**');
    if (slash < 0 && stars < 0) break;
    const folder = stars > slash ? `${rest.slice(0, stars)}**/` : `${rest.slice(0, slash)}/`;
    if (globs.at(-1) !== folder) globs.push(folder);
    rest = rest.slice(0, Math.max(slash, stars));
  }
  return globs.length === 0 ? ['/**'] : globs;
}

function globToRe2(glob: string): string {
  const isAnchored = glob.startsWith('/');
  let source = isAnchored ? '^' : '(^|/)';
  let offset = isAnchored ? 1 : 0;
  let isInBraces = false;
  while (offset < glob.length) {
    const character = glob.charAt(offset);
    let length = 1;
    switch (character) {
      case '\\':
        length = 2;
        source += glob.slice(offset, offset + length);
        break;
      case '*':
        length = runLength(glob, offset);
        if (length > 2) throw new Failure('usage', `too many stars in "${glob}"`);
        source += length === 1 ? '[^/]*' : '.*';
        break;
      case '?':
        source += '[^/]';
        break;
      case '[':
        length = bracketsLength(glob, offset);
        source += glob.slice(offset, offset + length);
        break;
      case ']':
        throw new Failure('usage', `mismatched ']' in glob "${glob}"`);
      case '{':
        if (!isInBraces) {
          source += '(';
          isInBraces = true;
        } else if (glob[offset - 1] === '{') {
          length = regexpLength(glob, offset);
          source += `${glob.slice(offset + 1, offset + length - 2)})`;
          isInBraces = false;
        } else {
          throw new Failure('usage', `can't nest '{' '}' in glob "${glob}"`);
        }
        break;
      case '}':
        if (!isInBraces) throw new Failure('usage', `mismatched '{' and '}' in glob "${glob}"`);
        source += ')';
        isInBraces = false;
        break;
      case ',':
        source += isInBraces ? '|' : ',';
        break;
      default:
        source += '.+()|^$'.includes(character) ? `\\${character}` : character;
    }
    offset += length;
  }
  if (isInBraces) throw new Failure('usage', `mismatched '{' and '}' in glob "${glob}"`);
  return `${source}$`;
}

function runLength(glob: string, offset: number): number {
  let end = offset;
  while (glob[end] === '*') end++;
  return end - offset;
}

// Brackets nest, and a backslash inside protects neither of them: `[[:alpha:]]` and `[\[\]]` work, `[\]]` does not.
function bracketsLength(glob: string, offset: number): number {
  let depth = 0;
  for (let end = offset; end < glob.length; end++) {
    if (glob[end] === '[') depth++;
    if (glob[end] === ']') depth--;
    if (depth === 0) return end + 1 - offset;
  }
  throw new Failure('usage', `mismatched '[' and ']' in glob "${glob}"`);
}

// From the second opening brace to the last brace of the run that closes, so that `{{\d{8}}}` is whole.
function regexpLength(glob: string, offset: number): number {
  let end = glob.indexOf('}}', offset);
  if (end < 0) throw new Failure('usage', `mismatched '{{' and '}}' in glob "${glob}"`);
  while (glob[end + 2] === '}') end++;
  return end + 2 - offset;
}
