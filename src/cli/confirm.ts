import { throwIfCancelled } from '../core/cancel.ts';
import { Failure } from '../core/failure.ts';
import type { Progress } from '../transfer/progress.ts';
import { readLine } from './config/input.ts';
import type { Io } from './io.ts';
import { visible } from './log.ts';

type Confirm = (action: string, subject: string) => Promise<boolean>;

/** What the user has answered for all that is left of a kind of change, by its name. */
export type SettledAnswers = Map<string, boolean>;

/** Asks before each change (`--interactive`), one question at a time; `!` and `s` answer for all that is left of a kind, and
 *  go into `settled`. What it returns throws Failure('cancelled') after `q` and once `signal` is aborted, 'usage' where
 *  nobody answers. */
export function createConfirm(io: Io, signal: AbortSignal, progress: Progress, settled: SettledAnswers): Confirm {
  let end: Failure | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function ask(action: string, subject: string): Promise<boolean> {
    for (;;) {
      if (end) throw end;
      throwIfCancelled(signal);
      const known = settled.get(action);
      if (known !== undefined) return known;
      const answer = await answerTo(question(action, subject));
      if (answer === null) end = new Failure('usage', '--interactive needs somebody to answer: the input has ended');
      if (answer === 'q') end = new Failure('cancelled', 'stopped at your request');
      if (answer === 's' || answer === '!') settled.set(action, answer === '!');
      if (answer === '' || answer === 'y') return true;
      if (answer === 'n') return false;
    }
  }

  async function answerTo(text: string): Promise<string | null> {
    progress.isAsking = true;
    try {
      await io.stderr.write(text);
      const line = await readLine(signal);
      return line && Buffer.from(line).toString().trim().toLowerCase();
    } finally {
      progress.isAsking = false;
    }
  }

  return (action, subject) => {
    const answer = last.then(() => ask(action, subject));
    last = answer.catch(() => {});
    return answer;
  };
}

function question(action: string, subject: string): string {
  return `coffer: ${action} "${visible(subject)}"?
y) Yes, this is OK (default)
n) No, skip this
s) Skip all ${action} operations with no more questions
!) Do all ${action} operations with no more questions
q) Exit coffer now.
y/n/s/!/q> `;
}
