import { Failure } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';

/** Names of the base that one listing of a layer, or one sweep, leaves out. */
export interface SkippedNames {
  readonly count: number;
  /** Throws Failure('corrupt') where names are strict. */
  add(sealed: string): void;
  /** Says how many there were in `where`, and names some. */
  tell(where: string): void;
}

export interface SkippedNamesOptions {
  readonly isStrict: boolean;
  readonly report: Report;
  /** What is wrong with one: `the name does not decrypt`. */
  readonly fault: string;
  /** What several are: `names that do not decrypt`. */
  readonly many: string;
}

const mostNamed = 5;

export function createSkippedNames({ isStrict, report, fault, many }: SkippedNamesOptions): SkippedNames {
  const named: string[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(sealed) {
      if (isStrict) throw new Failure('corrupt', `${sealed}: ${fault}`, { path: sealed });
      report.debug(sealed, `skipped: ${fault}`);
      count++;
      if (named.length < mostNamed) named.push(sealed);
    },
    tell(where) {
      if (count === 0) return;
      const more = count > named.length ? ', …' : '';
      report.notice(where, `${many}, skipped: ${count} (${named.join(', ')}${more})`);
    },
  };
}
