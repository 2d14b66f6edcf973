import { median, type Pair, type Sample, type Tool } from './measure.ts';
import type { Row } from './row.ts';

/** Peak resident MiB that coffer may use, where the row does not say. */
const memoryTarget = 200;

const columns = [
  'work',
  'wall ratio',
  'at most',
  'CPU ratio',
  'at most',
  'coffer',
  'rclone',
  'peak MiB (at most)',
  'beside',
];

export const tableHead = `${line(columns)}\n${line(columns.map(() => '---'))}`;

/** One row of markdown: medians over the pairs, the ratios pair by pair. */
export function tableRow(row: Row, pairs: readonly Pair[], beside: readonly Sample[]): string {
  const ratio = (what: keyof Sample): number => median(pairs.map(({ coffer, rclone }) => coffer[what] / rclone[what]));
  const middle = (tool: Tool, what: keyof Sample): number => median(pairs.map((pair) => pair[tool][what]));
  const memoryLimit = row.memory ?? memoryTarget;
  const memory = Math.max(...pairs.map(({ coffer }) => coffer.memory));
  return line([
    row.name,
    judged(ratio('wall'), row.wall),
    row.wall?.toFixed(2) ?? '',
    judged(ratio('cpu'), row.cpu),
    row.cpu?.toFixed(2) ?? '',
    seconds(pairs.map(({ coffer }) => coffer)),
    seconds(pairs.map(({ rclone }) => rclone)),
    `${judged(memory, memoryLimit, 0)} / ${middle('rclone', 'memory').toFixed(0)} (${memoryLimit})`,
    row.beside ? `${row.beside.name}: ${seconds(beside)}` : '',
  ]);
}

function seconds(samples: readonly Sample[]): string {
  const middle = (what: keyof Sample): string => median(samples.map((sample) => sample[what])).toFixed(2);
  return `${middle('wall')} s, CPU ${middle('cpu')} s`;
}

/** A missed target stands in bold. */
function judged(value: number, target = Number.POSITIVE_INFINITY, digits = 2): string {
  return value > target ? `**${value.toFixed(digits)}**` : value.toFixed(digits);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
