import type { Output } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import type { Result } from '../servers/run.ts';

/** Runs a command line inside this process, for tests of many commands: starting the program costs more than most do. */
export async function runHere(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Result> {
  const stdout = capture();
  const stderr = capture();
  const io = { environment, stdout, stderr, now: () => performance.now(), date: () => new Date() };
  const code = await run(args, io, new AbortController().signal);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function capture(): Output & { text(): string } {
  const pieces: Uint8Array[] = [];
  return {
    isTerminal: false,
    write: async (data) => {
      pieces.push(Buffer.from(data as Uint8Array));
    },
    text: () => Buffer.concat(pieces).toString(),
  };
}
