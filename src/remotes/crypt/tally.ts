import { Failure } from '../../core/failure.ts';
import { isValidText } from '../../core/name-bytes.ts';
import { createSkippedNames } from '../layer/skipped-names.ts';
import type { CryptSettings } from './settings.ts';

/** Counts the names that one listing, or one sweep, opens and those that it cannot. */
export interface Tally {
  /** A name that was encrypted and is now `path`. */
  open(path: string): void;
  /** Throws Failure('corrupt') where names are strict. */
  skip(sealed: string): void;
  /** A share that is published there: whoever joins gets the passwords that are in force. */
  seeShare(): void;
  /** To be called after the last page. Tells what was skipped; throws Failure('wrong-password') when there were
   *  encrypted names and none opened, unless the password is known to be right. */
  finish(): void;
}

/** `dir` is the plain folder that is listed. */
export function createTally(settings: CryptSettings, dir: string): Tally {
  const { label, isStrict, encryptsFiles, encryptsFolders, report } = settings;
  // With another password it would not have been found.
  const isFoundByItsName = dir !== '' && encryptsFolders;
  const words = { fault: 'the name does not decrypt', many: 'names that do not decrypt' };
  const skipped = createSkippedNames({ isStrict, report, ...words });
  let openedCount = 0;
  let sawShare = false;
  return {
    open(path) {
      // Of the names that a wrong key opens by chance, next to none is valid text.
      if (isValidText(path)) openedCount++;
    },
    skip: skipped.add,
    seeShare() {
      sawShare = true;
    },
    finish() {
      if (skipped.count > 0 && openedCount === 0 && encryptsFiles && !isFoundByItsName) {
        throw wrongPassword(label, dir, skipped.count, sawShare);
      }
      skipped.tell(`${label}${dir}`);
    },
  };
}

/** Of `count` names in the plain folder `dir` none opens. `sawShare`: a share is published there. */
export function wrongPassword(label: string, dir: string, count: number, sawShare: boolean): Failure {
  const why = `no name in ${label}${dir} decrypts (of ${count}): wrong password, or other data is stored there`;
  const hint = sawShare
    ? `. A share is published there: \`coffer join ${label}\` gets the passwords that are in force`
    : '';
  return new Failure('wrong-password', `${why}${hint}`, { path: dir });
}
