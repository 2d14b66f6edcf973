import { readSync } from 'node:fs';
import { Failure } from '../core/failure.ts';
import type { Io } from './io.ts';
import { visible } from './log.ts';

type Confirm = (action: string, subject: string) => Promise<boolean>;

/** Asks before each change (`--interactive`), one question at a time; `!` and `s` answer for all that is left of a kind. */
export function createConfirm(io: Io): Confirm {
  const settled = new Map<string, boolean>();
  let last: Promise<unknown> = Promise.resolve();
  const ask: Confirm = async (action, subject) => {
    const known = settled.get(action);
    if (known !== undefined) return known;
    for (;;) {
      await io.stderr.write(
        `coffer: ${action} "${visible(subject)}"?\ny) Yes, this is OK (default)\nn) No, skip this\n`,
      );
      await io.stderr.write(`s) Skip all ${action} operations with no more questions\n`);
      await io.stderr.write(`!) Do all ${action} operations with no more questions\nq) Exit coffer now.\ny/n/s/!/q> `);
      const answer = readLine().trim().toLowerCase();
      if (answer === 'q') throw new Failure('cancelled', 'stopped at your request');
      if (answer === 's' || answer === '!') settled.set(action, answer === '!');
      if (answer === '' || answer === 'y' || answer === '!') return true;
      if (answer === 'n' || answer === 's') return false;
    }
  };
  return (action, subject) => {
    const answer = last.then(() => ask(action, subject));
    last = answer.catch(() => {});
    return answer;
  };
}

/** One line of standard input. Throws Failure('usage') when nobody answers. */
function readLine(): string {
  const bytes: number[] = [];
  const one = new Uint8Array(1);

  while (readSync(0, one) === 1) {
    if (one[0] === 0x0a) return Buffer.from(bytes).toString();
    bytes.push(one[0] ?? 0);
  }
  throw new Failure('usage', '--interactive needs somebody to answer: the input has ended');
}
