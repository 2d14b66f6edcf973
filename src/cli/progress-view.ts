import type { Progress } from '../transfer/progress.ts';
import type { Io } from './io.ts';
import { statsBlock, statsLine } from './stats.ts';

/** The block of `--progress`: redrawn in place on a terminal, with log lines above it. */
export interface ProgressView {
  /** Writes log text above the block. */
  log(text: string): void;
  /** Draws it a last time. */
  close(): Promise<void>;
}

const interval = 500;

/** `current` gives the progress of the running attempt. */
export function createProgressView(io: Io, current: () => Progress, oneLine: boolean): ProgressView {
  let drawn = 0;
  let pending = '';
  const draw = (): Promise<void> => {
    const block = oneLine ? `${statsLine(current())}\n` : statsBlock(current(), '');
    const lines = block.split('\n');
    // The cursor is behind what was typed meanwhile, as the ^C of Ctrl-C.
    const erase = drawn > 0 && io.stdout.isTerminal ? `\r\u001b[${drawn}A\u001b[J` : '';
    const text = `${erase}${pending}${lines.join('\n')}`;
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
    if (hasBegun()) return void draw();
    void io.stdout.write(pending).catch(() => {});
    pending = '';
  };
  // Redrawing makes no sense in a file: there the block stands once, at the end.
  const timer = io.stdout.isTerminal ? setInterval(redraw, interval) : null;
  timer?.unref();
  return {
    log(text) {
      pending += text;
      if (!io.stdout.isTerminal) void io.stderr.write(text);
    },
    async close() {
      if (timer) clearInterval(timer);
      if (!io.stdout.isTerminal) pending = '';
      await draw();
    },
  };
}
