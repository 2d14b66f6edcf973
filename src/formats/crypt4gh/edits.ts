import type { Bytes, Range } from '../../core/bytes.ts';
import type { EditList } from './payload.ts';

/** A half-open range of plain bytes; `end` may be Infinity. */
export type KeptRange = Required<Range>;

/** What an edit list keeps, in ascending order. */
export function keptRanges(edits: EditList): readonly KeptRange[] {
  const ranges: KeptRange[] = [];
  let position = 0;
  for (let i = 0; i < edits.length; i += 2) {
    const start = position + (edits[i] ?? 0);
    position = start + (edits[i + 1] ?? Number.POSITIVE_INFINITY);
    if (position > start) ranges.push({ start, end: position });
  }
  return ranges;
}

/** The parts of `kept` that make up `range` of the edited file. */
export function partsOf(kept: readonly KeptRange[], range: Range): readonly KeptRange[] {
  const parts: KeptRange[] = [];
  let { start: skip, end = Number.POSITIVE_INFINITY } = range;
  let take = end - skip;
  for (const { start, end } of kept) {
    const from = Math.min(end, start + skip);
    skip -= from - start;
    const to = Math.min(end, from + take);
    if (to > from) parts.push({ start: from, end: to });
    take -= to - from;
    if (take <= 0) break;
  }
  return parts;
}

/** The bytes of a stream that lie in ascending ranges. The stream may begin at `offset`. */
export async function* keepRanges(bytes: Bytes, ranges: readonly KeptRange[], offset = 0): AsyncGenerator<Uint8Array> {
  let position = offset;
  let index = 0;
  if (ranges.length === 0) return;
  for await (const piece of bytes) {
    const end = position + piece.length;
    for (let range = ranges[index]; range && range.start < end; range = ranges[index]) {
      const part = piece.subarray(Math.max(0, range.start - position), Math.min(piece.length, range.end - position));
      if (part.length > 0) yield part;
      if (range.end > end) break;
      index++;
    }
    if (index === ranges.length) return;
    position = end;
  }
}
