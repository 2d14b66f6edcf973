import { Failure } from '../core/failure.ts';
import { variableOf } from './flags.ts';

/** Flags of rclone that coffer has not, and that decide what is kept, written or sent. */
const lacking = [
  'backup-dir',
  'suffix',
  'compare-dest',
  'copy-dest',
  'max-transfer',
  'max-duration',
  'bwlimit',
  'tpslimit',
];

/** Throws Failure('usage') where the environment sets one, as for the flag itself: a sync that overlooked
 *  RCLONE_BACKUP_DIR would delete what was to be kept. */
export function refuseLackingFlags(environment: Readonly<Record<string, string | undefined>>): void {
  for (const name of lacking) {
    const variable = variableOf(name);
    if (environment[variable]) throw new Failure('usage', `${variable} is set, but coffer has no --${name}: unset it`);
  }
}
