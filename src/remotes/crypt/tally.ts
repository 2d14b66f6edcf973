import { Failure } from '../../core/failure.ts';
import { isValidText } from '../../core/name-bytes.ts';
import type { CryptSettings } from './settings.ts';

/** Counts the names that one listing, or one sweep, opens and those that it cannot. */
export interface Tally {
  /** A name that was encrypted and is now `path`. */
  open(path: string): void;
  /** Throws Failure('corrupt') where names are strict. */
  skip(sealed: string): void;
  /** To be called after the last page. Tells what was skipped; throws Failure('wrong-password') when there were
   *  encrypted names and none opened. */
  finish(): void;
}

const mostNamed = 5;

/** `dir` is the plain folder that is listed. */
export function createTally({ label, isStrict, encryptsFiles, report }: CryptSettings, dir: string): Tally {
  const skipped: string[] = [];
  let skippedCount = 0;
  let openedCount = 0;
  return {
    open(path) {
      // Of the names that a wrong key opens by chance, next to none is valid text.
      if (isValidText(path)) openedCount++;
    },
    skip(sealed) {
      if (isStrict) throw new Failure('corrupt', `${sealed}: the name does not decrypt`, { path: sealed });
      report.debug(sealed, 'skipped: the name does not decrypt');
      skippedCount++;
      if (skipped.length < mostNamed) skipped.push(sealed);
    },
    finish() {
      if (skippedCount === 0) return;
      const where = `${label}${dir}`;
      if (openedCount === 0 && encryptsFiles) {
        throw new Failure(
          'wrong-password',
          `no name in ${where} decrypts (of ${skippedCount}): wrong password, or other data is stored there`,
          { path: dir },
        );
      }
      const more = skippedCount > skipped.length ? ', …' : '';
      report.notice(where, `names that do not decrypt, skipped: ${skippedCount} (${skipped.join(', ')}${more})`);
    },
  };
}
