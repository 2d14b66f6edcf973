import type { Range } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import { textFlag } from '../flags.ts';

export const range = textFlag('Range of plain bytes, as start-end: takes the bytes from start to end - 2', {
  placeholder: 'start-end',
});

/** What help says of `--range`. */
export const rangeHelp = `--range S-E takes E - S - 1 bytes from offset S (counted from 0). That is one byte less than "end excluded" suggests, but
the reference tool does so, and scripts rely on it. S- takes everything from S on.`;

/** The range that `--range` names, as the reference understands it. All where it is empty. Throws Failure('usage'). */
export function parseRange(text: string): Range {
  if (text === '') return { start: 0 };
  const [, first = '', last] = /^(\d+)(?:-(\d*))?$/.exec(text) ?? [];
  const start = Number(first);
  if (first !== '' && !last) return { start };
  const end = Number(last) - 1;
  if (first === '' || !Number.isSafeInteger(end) || end <= start) {
    throw new Failure('usage', `invalid range "${text}": give start-end, with an end of at least start + 2`);
  }
  return { start, end };
}
