import { descriptorOutput } from './cli/io.ts';
import { helperLine } from './cli/mount/helper.ts';
import { run } from './cli/run.ts';
import { Failure } from './core/failure.ts';
import { now } from './core/now.ts';

// Room for the buffers of many small files at a time: node's own 8 KiB serve only what is below 4 KiB.
Buffer.poolSize = 1 << 18;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A mount has another use for it.
    if (signal === 'SIGHUP' && process.listenerCount(signal) > 1) return;
    // A second Ctrl-C does not wait for the clean-up.
    if (stop.signal.aborted) process.exit(130);
    stop.abort(new Failure('cancelled', `stopped by ${signal}`));
  });
}

const [, program = '', ...words] = process.argv;
const { isFake, argv, environment } = helperLine(program, words) ?? { isFake: false, argv: words, environment: {} };
if (isFake) process.exit();

void run(
  argv,
  {
    environment: { ...process.env, ...environment },
    stdout: descriptorOutput(1),
    stderr: descriptorOutput(2),
    now,
    date: () => new Date(),
  },
  stop.signal,
).then((code) => {
  process.exitCode = code;
});
