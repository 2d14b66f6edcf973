import { openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { Failure } from '../core/failure.ts';

const enter = [0x0a, 0x0d];
const erase = [0x08, 0x7f];
const ctrlC = 0x03;
const ctrlD = 0x04;
const ctrlU = 0x15;

/** Asks on the terminal, whatever stdin is, and reads a line without echo.
 *  Throws Failure('usage') without a terminal, Failure('cancelled') on Ctrl-C or the end of the input. */
export async function promptSecret(question: string): Promise<string> {
  const descriptor = openTerminal();
  const terminal = new ReadStream(descriptor);
  try {
    terminal.setRawMode(true);
    writeSync(descriptor, `${question} `);
    return await readLine(terminal);
  } finally {
    writeSync(descriptor, '\n');
    terminal.setRawMode(false);
    terminal.destroy();
  }
}

function openTerminal(): number {
  try {
    return openSync('/dev/tty', 'r+');
  } catch (error) {
    throw new Failure('usage', 'no terminal to ask for the password: set RCLONE_CONFIG_PASS or --password-command', {
      cause: error,
    });
  }
}

async function readLine(terminal: ReadStream): Promise<string> {
  const typed: number[] = [];
  for await (const piece of terminal.iterator({ destroyOnReturn: false })) {
    for (const byte of piece as Uint8Array) {
      if (enter.includes(byte)) return Buffer.from(typed).toString();
      if (byte === ctrlC || byte === ctrlD) throw new Failure('cancelled', 'no password was entered');
      if (byte === ctrlU) typed.length = 0;
      else if (erase.includes(byte)) eraseLast(typed);
      else typed.push(byte);
    }
  }
  throw new Failure('cancelled', 'the terminal was closed before a password was entered');
}

/** Removes the last character: its continuation bytes, then its first byte. */
function eraseLast(typed: number[]): void {
  while (((typed.at(-1) ?? 0) & 0xc0) === 0x80) typed.pop();
  typed.pop();
}
