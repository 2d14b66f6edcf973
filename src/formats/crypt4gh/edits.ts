import type { Bytes, Range } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import { chunk } from './layout.ts';
import type { EditList } from './payload.ts';

/** A half-open range; `end` may be Infinity. */
export type Span = Required<Range>;

const everything: readonly Span[] = [{ start: 0, end: Number.POSITIVE_INFINITY }];

/** What an edit list keeps of the plain bytes, in ascending order; all of it where there is none, or an empty one. */
export function keptSpans(edits: EditList | null): readonly Span[] {
  if (!edits || edits.length === 0) return everything;
  const spans: Span[] = [];
  let position = 0;
  for (let i = 0; i < edits.length; i += 2) {
    const start = position + (edits[i] as number);
    position = start + (edits[i + 1] ?? Number.POSITIVE_INFINITY);
    if (position > start) spans.push({ start, end: position });
  }
  return spans;
}

/** Bytes that are left of a file of `plainSize`. */
export function keptSize(kept: readonly Span[], plainSize: number): number {
  return kept.reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, plainSize) - start), 0);
}

/** The parts of `kept` that make up `range`, which counts the kept bytes only. Throws Failure('usage') for a range that
 *  starts below 0 or ends before it starts. */
export function partsOf(kept: readonly Span[], range: Range): readonly Span[] {
  const parts: Span[] = [];
  let skip = range.start;
  let take = (range.end ?? Number.POSITIVE_INFINITY) - range.start;
  if (skip < 0 || take < 0) throw new Failure('usage', `there is no range of bytes from ${skip} to ${range.end}`);
  for (const span of kept) {
    const start = Math.min(span.end, span.start + skip);
    const end = Math.min(span.end, start + take);
    skip -= start - span.start;
    take -= end - start;
    if (end > start) parts.push({ start, end });
    if (take <= 0) break;
  }
  return parts;
}

/** The bytes of a stream that lie in ascending spans; `offset` is where the stream begins. */
export async function* keepSpans(bytes: Bytes, spans: readonly Span[], offset = 0): AsyncGenerator<Uint8Array> {
  let position = offset;
  let index = 0;
  for await (const piece of bytes) {
    const end = position + piece.length;
    for (let span = spans[index]; span && span.start < end; span = spans[index]) {
      const part = piece.subarray(Math.max(0, span.start - position), Math.min(piece.length, span.end - position));
      const isEnded = span.end <= end;
      // Before a gap a copy: the next part may be pieces away, and the producer write there again before it comes.
      const isBeforeGap = isEnded && index + 1 < spans.length;
      if (part.length > 0) yield isBeforeGap ? Uint8Array.from(part) : part;
      if (!isEnded) break;
      index++;
    }
    if (index === spans.length) return;
    position = end;
  }
}

/** The chunks that hold `spans`, as runs of chunk numbers, and the edit list by which a file of those chunks alone gives the
 *  same bytes. */
export function tighten(spans: readonly Span[]): { readonly runs: readonly Span[]; readonly edits: EditList } {
  const runs: Span[] = [];
  const edits: number[] = [];
  // Plain bytes before the current run that are left, and where the last kept byte of the new file ends.
  let before = 0;
  let kept = 0;
  for (const { start, end } of spans) {
    const first = Math.floor(start / chunk.plain);
    const behind = Math.ceil(end / chunk.plain);
    let run = runs.at(-1);
    if (run && first <= run.end) {
      run = { start: run.start, end: Math.max(run.end, behind) };
      runs[runs.length - 1] = run;
    } else {
      if (run) before += (run.end - run.start) * chunk.plain;
      run = { start: first, end: behind };
      runs.push(run);
    }
    const at = before + start - run.start * chunk.plain;
    edits.push(at - kept, end - start);
    kept = at + end - start;
  }
  if (edits.at(-1) === Number.POSITIVE_INFINITY) edits.pop();
  return { runs, edits };
}
