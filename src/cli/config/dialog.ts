import { trimSpace } from '../../config/whitespace.ts';
import { Failure } from '../../core/failure.ts';
import { bytesToName } from '../../core/name-bytes.ts';
import { columnsOf } from '../columns.ts';
import type { Io } from '../io.ts';
import { visible, visibleLines } from '../log.ts';
import { wrap } from '../wrap.ts';
import { inputIsTerminal, readLine, readUnseen } from './input.ts';

/** A conversation on standard input and output: with a person at a terminal, or with a script through a pipe. */
export interface Dialog {
  /** True with a person: only then ask what rclone would not have asked. */
  readonly isTerminal: boolean;
  /** True when no more answers will come. */
  readonly hasEnded: boolean;
  /** Characters in a line of the screen; Infinity where there is none. */
  readonly columns: number;
  /** Prints lines, a newline added, broken between words on a narrow screen. Control characters, which a hostile config
   *  may hold, are made visible. */
  say(text: string): Promise<void>;
  /** Prints the prompt and takes a line without the white space around it. Bytes that are not UTF-8 stand as in names
   *  (core/name-bytes.ts). Throws Failure('usage') at the end of the input, Failure('cancelled') on Ctrl-C. */
  line(prompt: string): Promise<string>;
  /** Takes a line without echo. The prompt goes to standard error, as rclone's. Throws as `line`. */
  secret(prompt: string): Promise<string>;
}

export function openDialog(io: Io, signal: AbortSignal): Dialog {
  let hasEnded = false;

  async function answer(reading: Promise<Uint8Array | null>, prompt: string): Promise<string> {
    const line = await reading.catch(async (error: unknown) => {
      if (inputIsTerminal()) await io.stderr.write('\n');
      throw error;
    });
    if (line !== null) return bytesToName(line);
    hasEnded = true;
    await io.stderr.write('\n');
    throw new Failure('usage', `the input ended at "${lastLine(prompt)}": what was not saved before is given up`);
  }

  return {
    isTerminal: inputIsTerminal(),
    get hasEnded() {
      return hasEnded;
    },
    get columns() {
      return columnsOf(io.stdout);
    },
    say(text) {
      const shown = text.split('\n').map(visible).join('\n');
      return io.stdout.write(`${wrap(shown, columnsOf(io.stdout))}\n`);
    },
    async line(prompt) {
      await io.stdout.write(prompt);
      return trimSpace(await answer(readLine(signal), prompt));
    },
    async secret(prompt) {
      const question = () => io.stderr.write(visibleLines(prompt));
      if (inputIsTerminal()) {
        const password = await answer(readUnseen(signal, question), prompt);
        await io.stderr.write('\n');
        return password;
      }
      // From a pipe rclone takes a password like any line.
      await question();
      return trimSpace(await answer(readLine(signal), prompt));
    },
  };
}

function lastLine(prompt: string): string {
  return prompt.split('\n').at(-1)?.trim() ?? '';
}
