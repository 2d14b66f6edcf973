import { Failure } from '../core/failure.ts';
import { type FlagSpecs, variableOf } from './flags.ts';

/** Flags of rclone that some commands of coffer do not have, and that decide what is kept, written or sent. */
const decisive = ['backup-dir', 'suffix', 'compare-dest', 'copy-dest', 'max-transfer', 'max-duration'];

/** Throws Failure('usage') where the environment sets one that is not among `specs`, as for the flag itself: a command that
 *  overlooked RCLONE_BACKUP_DIR would delete what was to be kept. */
export function refuseLackingFlags(
  name: string,
  specs: FlagSpecs,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  for (const flag of decisive) {
    const variable = variableOf(flag);
    if (flag in specs || !environment[variable]) continue;
    throw new Failure('usage', `${variable} is set, but coffer ${name} has no --${flag}: unset it`);
  }
}
