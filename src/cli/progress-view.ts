import type { Progress } from '../transfer/progress.ts';
import { columnsOf, rowsOf } from './columns.ts';
import { cutToWidth, displayWidth } from './display-width.ts';
import type { Io } from './io.ts';
import { etaTitle, isOneLine, type StatsStyle, statsText } from './stats.ts';

/** The block of `--progress`: on a terminal redrawn in place, as much of it as the screen shows, with log lines above it;
 *  elsewhere, and at the end, it stands as a whole. */
export interface ProgressView {
  /** Writes log text above the block; null where that goes its usual way, as nothing is redrawn. */
  readonly log: ((text: string) => void) | null;
  /** Draws it a last time. */
  close(): Promise<void>;
}

const interval = 500;

/** `current` gives the progress of the running attempt. */
export function createProgressView(
  io: Io,
  current: () => Progress,
  style: StatsStyle & { readonly 'progress-terminal-title': boolean },
): ProgressView {
  // Where TERM is dumb (Emacs, logs of CI) nothing can be erased.
  const isRedrawn = io.stdout.isTerminal && io.environment.TERM !== 'dumb';
  const isTitled = style['progress-terminal-title'] && isRedrawn;
  let drawn: readonly string[] = [];
  let pending = '';
  const draw = (shape: (lines: readonly string[]) => readonly string[]): Promise<void> => {
    const block = `${statsText(current(), style, '', io.date)}${isOneLine(style) ? '\n' : ''}`;
    const lines = shape(block.split('\n').slice(0, -1));
    // The cursor is behind what was typed meanwhile, as the ^C of Ctrl-C.
    const erase = drawn.length > 0 ? `\r\u001b[${rowsTaken(drawn, columnsOf(io.stdout))}A\u001b[J` : '';
    const title = isTitled ? `\u001b]0;${etaTitle(current())}\u0007` : '';
    const text = `${erase}${pending}${title}${lines.join('\n')}\n`;
    pending = '';
    drawn = lines;
    return io.stdout.write(text).catch(() => {});
  };
  // A line that wraps, or goes off at the top, could not be erased again.
  const fitScreen = (lines: readonly string[]): readonly string[] => {
    const columns = columnsOf(io.stdout);
    return lines.slice(0, rowsOf(io.stdout) - 1).map((line) => cutToWidth(line, columns));
  };
  // Before the work begins there may be a question on the terminal, which the block would paint over.
  const hasBegun = (): boolean => {
    const { totalTransfers, totalChecks, bytes, deletes } = current();
    return drawn.length > 0 || totalTransfers + totalChecks + bytes + deletes > 0;
  };
  const redraw = (): void => {
    if (current().isAsking) {
      // What was drawn stands above the question, and stays there.
      drawn = [];
      return;
    }
    if (hasBegun()) return void draw(fitScreen);
    void io.stdout.write(pending).catch(() => {});
    pending = '';
  };
  const timer = isRedrawn ? setInterval(redraw, interval).unref() : undefined;
  // After Ctrl-Z and fg the shell's lines stand below the block.
  const startAnew = (): void => {
    drawn = [];
  };
  if (isRedrawn) process.on('SIGCONT', startAnew);
  const log = (text: string): void => {
    pending += text;
  };
  return {
    log: isRedrawn ? log : null,
    async close() {
      clearInterval(timer);
      process.off('SIGCONT', startAnew);
      await draw((lines) => lines);
    },
  };
}

/** How many rows of the screen lines take. Those drawn before the window became narrower are wrapped by now. */
function rowsTaken(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}
