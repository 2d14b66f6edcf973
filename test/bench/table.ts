import { median, type Pair, type Sample, type Tool } from './measure.ts';
import type { Row } from './row.ts';

/** Peak resident MiB that coffer may use, whatever the work. */
const memoryTarget = 200;

const columns = [
  'work',
  'wall ratio',
  'at most',
  'CPU ratio',
  'at most',
  'coffer',
  'rclone',
  `peak MiB (≤ ${memoryTarget})`,
];

export const tableHead = `${line(columns)}\n${line(columns.map(() => '---'))}`;

/** One row of markdown: medians over the pairs, the ratios pair by pair. */
export function tableRow(row: Row, pairs: readonly Pair[]): string {
  const ratio = (what: keyof Sample): number => median(pairs.map(({ coffer, rclone }) => coffer[what] / rclone[what]));
  const middle = (tool: Tool, what: keyof Sample): number => median(pairs.map((pair) => pair[tool][what]));
  const seconds = (tool: Tool): string =>
    `${middle(tool, 'wall').toFixed(2)} s, CPU ${middle(tool, 'cpu').toFixed(2)} s`;
  const memory = Math.max(...pairs.map(({ coffer }) => coffer.memory));
  return line([
    row.name,
    judged(ratio('wall'), row.wall),
    row.wall.toFixed(2),
    judged(ratio('cpu'), row.cpu),
    row.cpu.toFixed(2),
    seconds('coffer'),
    seconds('rclone'),
    `${memory > memoryTarget ? '**' : ''}${memory.toFixed(0)}${memory > memoryTarget ? '**' : ''} / ${middle('rclone', 'memory').toFixed(0)}`,
  ]);
}

/** A missed target stands in bold. */
function judged(value: number, target: number): string {
  return value > target ? `**${value.toFixed(2)}**` : value.toFixed(2);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
