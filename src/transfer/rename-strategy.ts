import { Failure } from '../core/failure.ts';

/** What a file and its old name must have in common beside the size, to be taken for one that was renamed. */
export interface RenameStrategy {
  readonly hash: boolean;
  readonly modified: boolean;
  /** The last segment of the path: the file was moved to another folder. */
  readonly leaf: boolean;
}

/** Reads `hash`, `modtime,leaf`, `size`; '' is `size`. Throws Failure('usage'). */
export function parseRenameStrategy(text: string): RenameStrategy {
  const words = text === '' ? [] : text.split(',');
  const unknown = words.find((word) => !['hash', 'modtime', 'leaf', 'size'].includes(word));
  if (unknown !== undefined) throw new Failure('usage', `unknown track renames strategy "${unknown}"`);
  return { hash: words.includes('hash'), modified: words.includes('modtime'), leaf: words.includes('leaf') };
}
