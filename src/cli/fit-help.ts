import { wrap } from './wrap.ts';

/** A help text for a terminal of so many columns. Where it is too wide, prose is filled anew, what stands in a second
 *  column stays in it, and the remarks behind commands go above them. Commands are not broken: they are to be copied. */
export function fitHelp(text: string, columns: number): string {
  const fill = (prose: string): string =>
    isWithin(prose, columns) ? prose : wrap(prose.replaceAll('\n', ' '), columns);
  const fold = (row: string): string => (isWithin(row, columns) && !command.test(row) ? row : foldRow(row, columns));
  const foldAll = (rows: string): string => (isWithin(rows, columns) ? rows : rows.split('\n').map(fold).join('\n'));
  return text.replace(/^\S.*(?:\n\S.*)*/gm, fill).replace(/^ .*(?:\n .*)*/gm, foldAll);
}

function isWithin(lines: string, columns: number): boolean {
  return lines.split('\n').every((line) => line.length <= columns);
}

const command = /^(?<indent> +)(?<line>\S.*?) +# (?<remark>.*)$/;
const twoColumns = /^(?<left> +\S.*? {2,}| {2}\S+ +)(?<right>\S.*)$/;

function foldRow(row: string, columns: number): string {
  const { indent = '', line = '', remark } = command.exec(row)?.groups ?? {};
  if (remark !== undefined) return `${hung(`${indent}# `, remark, columns)}\n${indent}${line}`;
  const { left, right = '' } = twoColumns.exec(row)?.groups ?? {};
  return left === undefined ? row : hung(left, right, columns);
}

// A second column narrower than this is none: it goes below the first.
const narrowest = 24;
const marginBelow = 10;

/** `text` behind `head`, its further lines below its first. */
function hung(head: string, text: string, columns: number): string {
  const isBeside = columns - head.length >= narrowest;
  const margin = isBeside ? head.length : marginBelow;
  const lines = wrap(text, Math.max(narrowest, columns - margin)).split('\n');
  const body = lines.join(`\n${' '.repeat(margin)}`);
  return isBeside ? head + body : `${head.trimEnd()}\n${' '.repeat(margin)}${body}`;
}
