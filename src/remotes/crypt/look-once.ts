import { isFailure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import type { CryptSettings } from './settings.ts';

/** What runs `look` when it is first called, and waits for that in later calls. It is only a look: where it fails, what the user
 *  asked for fails, or does not, in its own words. `question`: what is not known then, for the log. */
export function lookOnce(
  { label, report }: CryptSettings,
  question: string,
  look: (call?: Call) => Promise<void>,
): (call?: Call) => Promise<void> {
  let looked: Promise<void> | undefined;

  async function tolerantly(call?: Call): Promise<void> {
    try {
      await look(call);
    } catch (error) {
      if (!isFailure(error)) throw error;
      report.debug(label, `cannot look whether ${question}: ${error.message}`);
    }
  }

  return (call) => {
    looked ??= tolerantly(call);
    return looked;
  };
}
