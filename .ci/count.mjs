// count.mjs REPORT STATUS: prints `N passed, N failed` from vitest's JSON report and the exit status of the whole run.
// A file that did not load counts as a failed test, and so does whatever else ended the run with an error.
import { readFileSync } from 'node:fs';

const [file, status] = process.argv.slice(2);
const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = read(file);
const unloaded = testResults.filter(
  (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
).length;
const counted = numFailedTests + unloaded;
const failed = counted === 0 && (status !== '0' || numPassedTests === 0) ? 1 : counted;
process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
process.exit(failed > 0 ? 1 : 0);

/** What vitest wrote before it ended; nothing when it crashed. */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}
