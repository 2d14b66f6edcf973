import { spawn } from 'node:child_process';
import { collect } from '../core/bytes.ts';
import { Failure, messageOf } from '../core/failure.ts';
import { passwordIn } from './password-text.ts';

/** What `--password-command` prints, without the line breaks around it. Its standard error and input are ours, so that
 *  it can ask. `variables` are added to its environment. Throws Failure('usage'). */
export async function runPasswordCommand(
  command: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [program, ...args] = splitCommand(command);
  if (!program) throw new Failure('usage', 'password command: it starts with a space, so it names no program');
  const env = { ...process.env, ...variables };
  const child = spawn(program, args, { stdio: ['inherit', 'pipe', 'inherit'], env });
  const ended = new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : `it ended with ${signal ?? `exit code ${code}`}`),
    );
  });
  const [output, complaint] = await Promise.all([collect(child.stdout), ended]);
  if (complaint !== null) throw new Failure('usage', `password command failed: ${complaint}`);
  const password = passwordIn(output, 'the output of the password command');
  if (password === '') throw new Failure('usage', 'password command returned an empty string');
  return password;
}

/** The words of a command: one CSV record with spaces for commas, as rclone's SpaceSepList.
 *  Throws Failure('usage') for a quotation mark where CSV has none. */
export function splitCommand(command: string): readonly string[] {
  const text = command.replace(/^(?:\r?\n)+/, '').replaceAll('\r\n', '\n');
  const words: string[] = [];
  const word = /(?:"((?:[^"]|"")*)"(?!")|([^" \n][^ "\n]*|))( |\n|$)/y;
  for (;;) {
    const [, quoted, plain = '', end] = word.exec(text) ?? [];
    if (end === undefined) throw new Failure('usage', 'password command: put quotation marks around whole words only');
    words.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ' ') return words;
  }
}
