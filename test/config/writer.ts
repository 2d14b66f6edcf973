import { openConfigFile } from '../../src/config/config-file.ts';
import { isFailure } from '../../src/core/failure.ts';
import { silentReport } from '../../src/core/report.ts';

// A process of its own that changes a config file: `node writer.mjs <file> <name> <times>` sets name-1, name-2, …, and
// ends with 3 and the failure's kind and message where it cannot.
const [path, name, times] = process.argv.slice(2);
const environment = process.env;
const file = openConfigFile({ path, passwordCommand: undefined, prompt: null, environment, report: silentReport });
try {
  for (let i = 1; i <= Number(times); i++) {
    await file.update((draft) =>
      draft.set(
        `${name}-${i}`,
        new Map([
          ['type', 'alias'],
          ['remote', 'x'.repeat(200)],
        ]),
      ),
    );
  }
} catch (error) {
  if (!isFailure(error)) throw error;
  process.stdout.write(`${error.kind}: ${error.message}`);
  process.exitCode = 3;
}
