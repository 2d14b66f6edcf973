import { spawn } from 'node:child_process';
import { peerEnvironment } from '../servers/run.ts';

export interface Conversation {
  /** Standard output and error, or the screen, in the order in which they came. */
  readonly screen: string;
  readonly code: number | null;
  /** Answers that nobody asked for. */
  readonly left: readonly string[];
}

export interface ConversationOptions {
  /** On a terminal of its own (util-linux's script); otherwise through pipes. */
  readonly terminal?: boolean;
  /** What an output ends with that waits for an answer. */
  readonly question?: RegExp;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program and gives it an answer whenever it asks; after the last one its input ends. On a terminal an answer
 *  that ends in a control character is typed without Enter. */
export function converse(
  argv: readonly string[],
  answers: readonly string[],
  { terminal = false, question = /(?:> |password:)$/, cwd, env = {} }: ConversationOptions = {},
): Promise<Conversation> {
  const [program = '', ...args] = terminal ? ['script', '-qec', argv.map(quote).join(' '), '/dev/null'] : argv;
  const child = spawn(program, args, { cwd, env: { ...peerEnvironment(), ...env } });
  const left = [...answers];
  let screen = '';
  let said = '';
  const answer = (): void => {
    said = '';
    const next = left.shift();
    if (next !== undefined) child.stdin.write(terminal ? keys(next) : `${next}\n`);
    else if (terminal) child.stdin.write('\x04');
    else child.stdin.end();
  };
  const listen = (text: string): void => {
    screen += text;
    said += text;
    if (question.test(said)) answer();
  };
  child.stdout.setEncoding('utf8').on('data', listen);
  child.stderr.setEncoding('utf8').on('data', listen);
  child.stdin.on('error', () => {}); // it may end without reading its input
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ screen: screen.replaceAll('\r\n', '\n'), code, left }));
  });
}

/** The questions that were asked, in their order. */
export function questionsIn(screen: string): string[] {
  return [...screen.matchAll(/(?:^|\n)(\S+> |password:)/g)].map(([, question = '']) => question);
}

function keys(answer: string): string {
  return /[\x00-\x1f]$/.test(answer) ? answer : `${answer}\r`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
