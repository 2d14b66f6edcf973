import { median, type Pair, type Sample, type Tool } from './measure.ts';
import type { Row } from './row.ts';

/** Peak resident MiB that coffer may use, where the row does not say. */
const memoryTarget = 200;

const columns = ['work', 'wall ratio', 'at most', 'CPU ratio', 'at most', 'coffer', 'rclone', 'peak MiB (at most)'];

export const tableHead = `${line(columns)}\n${line(columns.map(() => '---'))}`;

/** One row of markdown: medians over the pairs, the ratios pair by pair. */
export function tableRow(row: Row, pairs: readonly Pair[]): string {
  const ratio = (what: keyof Sample): number => median(pairs.map(({ coffer, rclone }) => coffer[what] / rclone[what]));
  const middle = (tool: Tool, what: keyof Sample): number => median(pairs.map((pair) => pair[tool][what]));
  const seconds = (tool: Tool): string =>
    `${middle(tool, 'wall').toFixed(2)} s, CPU ${middle(tool, 'cpu').toFixed(2)} s`;
  const memoryLimit = row.memory ?? memoryTarget;
  const memory = Math.max(...pairs.map(({ coffer }) => coffer.memory));
  return line([
    row.name,
    judged(ratio('wall'), row.wall),
    row.wall.toFixed(2),
    judged(ratio('cpu'), row.cpu ?? Number.POSITIVE_INFINITY),
    row.cpu?.toFixed(2) ?? '',
    seconds('coffer'),
    seconds('rclone'),
    `${judged(memory, memoryLimit, 0)} / ${middle('rclone', 'memory').toFixed(0)} (${memoryLimit})`,
  ]);
}

/** A missed target stands in bold. */
function judged(value: number, target: number, digits = 2): string {
  return value > target ? `**${value.toFixed(digits)}**` : value.toFixed(digits);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
