import { openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { passwordIn } from '../config/password-text.ts';
import { Failure } from '../core/failure.ts';
import type { Io } from './io.ts';
import { takeKey } from './secret-keys.ts';

// There is one terminal: two readers of it would share out what is typed.
let asking: Promise<unknown> = Promise.resolve();

/** Asks on the terminal, whatever stdin is, below all that was said on `stderr` before, and reads a line without echo.
 *  Waits for its turn, and fails with the question before it. `alternative` is what to set where there is no terminal.
 *  Throws Failure('usage') without one and for bytes that are not UTF-8, Failure('cancelled') on Ctrl-C or the end of the
 *  input. */
export async function promptSecret(
  question: string,
  { stderr }: Pick<Io, 'stderr'>,
  alternative = 'RCLONE_CONFIG_PASS or --password-command',
): Promise<string> {
  const answer = asking.then(async () => {
    await stderr.write('');
    return ask(question, alternative);
  });
  asking = answer;
  try {
    return await answer;
  } finally {
    if (asking === answer) asking = Promise.resolve();
  }
}

async function ask(question: string, alternative: string): Promise<string> {
  const descriptor = openTerminal(alternative);
  const terminal = new ReadStream(descriptor);
  try {
    terminal.setRawMode(true);
    writeSync(descriptor, `${question} `);
    return await readLine(terminal);
  } finally {
    terminal.setRawMode(false);
    writeSync(descriptor, '\n');
    terminal.destroy();
  }
}

/** Asks for a new secret until it was entered twice. As `promptSecret` otherwise. */
export async function promptNewSecret(question: string, io: Io, alternative: string): Promise<string> {
  const { stderr } = io;
  for (;;) {
    const secret = await promptSecret(question, io, alternative);
    if (secret === '') await stderr.write('It needs at least one character.\n');
    else if (secret === (await promptSecret('The same once more:', io, alternative))) return secret;
    else await stderr.write('The two differ: try again.\n');
  }
}

function openTerminal(alternative: string): number {
  try {
    return openSync('/dev/tty', 'r+');
  } catch (error) {
    throw new Failure('usage', `no terminal to ask for the password: set ${alternative}`, { cause: error });
  }
}

async function readLine(terminal: ReadStream): Promise<string> {
  const typed: number[] = [];
  for await (const piece of terminal.iterator({ destroyOnReturn: false })) {
    for (const byte of piece as Uint8Array) {
      const effect = takeKey(typed, byte);
      if (effect === 'entered') return passwordIn(Uint8Array.from(typed), 'what was typed');
      if (effect !== 'typing') throw new Failure('cancelled', 'no password was entered');
    }
  }
  throw new Failure('cancelled', 'the terminal was closed before a password was entered');
}
