import { Failure } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import { isUnfinishedName } from '../../core/unfinished-name.ts';

/** Names of the base that one listing of a layer, or one sweep, leaves out. */
export interface SkippedNames {
  /** Without those of unfinished files. */
  readonly count: number;
  /** Throws Failure('corrupt') where names are strict, unless the file is unfinished: then it has no name yet. */
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
  const faulty = createCount();
  const unfinished = createCount();
  return {
    get count() {
      return faulty.count;
    },
    add(sealed) {
      const isUnfinished = isUnfinishedName(sealed);
      if (isStrict && !isUnfinished) throw new Failure('corrupt', `${sealed}: ${fault}`, { path: sealed });
      report.debug(sealed, `skipped: ${isUnfinished ? 'it is unfinished' : fault}`);
      (isUnfinished ? unfinished : faulty).add(sealed);
    },
    tell(where) {
      if (faulty.count > 0) report.notice(where, `${many}, skipped: ${faulty.text()}`);
      if (unfinished.count > 0) {
        report.notice(
          where,
          `files that are being written, or were when a program was killed, skipped: ${unfinished.text()}`,
        );
      }
    },
  };
}

interface Count {
  readonly count: number;
  add(name: string): void;
  /** `2 (a, b)` */
  text(): string;
}

function createCount(): Count {
  const named: string[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(name) {
      count++;
      if (named.length < mostNamed) named.push(name);
    },
    text: () => `${count} (${named.join(', ')}${count > named.length ? ', …' : ''})`,
  };
}
