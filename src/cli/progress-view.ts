import type { Progress } from '../transfer/progress.ts';
import type { Io } from './io.ts';
import { etaTitle, isOneLine, type StatsStyle, statsText } from './stats.ts';

/** The block of `--progress`: on a terminal redrawn in place, with log lines above it; elsewhere it stands once, at the end. */
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
  const isTitled = style['progress-terminal-title'] && io.stdout.isTerminal;
  let drawn = 0;
  let pending = '';
  const draw = (): Promise<void> => {
    const block = `${statsText(current(), style, '', io.date)}${isOneLine(style) ? '\n' : ''}`;
    const lines = block.split('\n');
    // The cursor is behind what was typed meanwhile, as the ^C of Ctrl-C.
    const erase = drawn > 0 ? `\r\u001b[${drawn}A\u001b[J` : '';
    const title = isTitled ? `\u001b]0;${etaTitle(current())}\u0007` : '';
    const text = `${erase}${pending}${title}${block}`;
    pending = '';
    drawn = lines.length - 1;
    return io.stdout.write(text).catch(() => {});
  };
  // Before the work begins there may be a question on the terminal, which the block would paint over.
  const hasBegun = (): boolean => {
    const { totalTransfers, totalChecks, bytes, deletes } = current();
    return drawn > 0 || totalTransfers + totalChecks + bytes + deletes > 0;
  };
  const redraw = (): void => {
    if (current().isAsking) {
      // What was drawn stands above the question, and stays there.
      drawn = 0;
      return;
    }
    if (hasBegun()) return void draw();
    void io.stdout.write(pending).catch(() => {});
    pending = '';
  };
  const isRedrawn = io.stdout.isTerminal;
  const timer = isRedrawn ? setInterval(redraw, interval).unref() : undefined;
  const log = (text: string): void => {
    pending += text;
  };
  return {
    log: isRedrawn ? log : null,
    async close() {
      clearInterval(timer);
      await draw();
    },
  };
}
