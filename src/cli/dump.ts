import type { HttpDump } from '../core/backend.ts';
import type { Report } from '../core/report.ts';
import type { GlobalFlags } from './global-flags.ts';

/** What `--dump` takes. */
export const dumpable = ['headers', 'bodies', 'requests', 'responses', 'auth', 'filters'] as const;

type Dumped = (typeof dumpable)[number];
type DumpFlags = Pick<GlobalFlags, 'dump' | 'dump-bodies' | 'dump-headers' | 'verbose' | 'log-level'>;

function dumpedBy(flags: DumpFlags): readonly Dumped[] {
  return [
    ...flags.dump,
    ...(flags['dump-headers'] ? (['headers'] as const) : []),
    ...(flags['dump-bodies'] ? (['bodies'] as const) : []),
  ];
}

/** What the flags ask for of requests and answers; null for nothing. It goes to the log. */
export function httpDumpOf(flags: DumpFlags, report: Report): HttpDump | null {
  const dumped: readonly Dumped[] = dumpedBy(flags).filter((part) => part !== 'filters');
  if (dumped.length === 0) return null;
  const has = (...parts: readonly Dumped[]): boolean => parts.some((part) => dumped.includes(part));
  return {
    requestBodies: has('bodies', 'requests'),
    answerBodies: has('bodies', 'responses'),
    showsSecrets: has('auth'),
    tell: (text) => report.debug('', text),
  };
}

/** Whether the log must show more than was asked for, so that what is dumped is seen. */
export function needsDebug(flags: DumpFlags): boolean {
  return dumpedBy(flags).length > 0 && flags.verbose < 2 && flags['log-level']?.toUpperCase() !== 'DEBUG';
}

/** As rclone says it. */
export function tellOfDump(flags: DumpFlags, report: Report): void {
  for (const part of ['headers', 'bodies'] as const) {
    if (flags[`dump-${part}`]) report.notice('', `--dump-${part} is obsolete - please use --dump ${part} instead`);
  }
  if (needsDebug(flags)) report.notice('', 'Automatically setting -vv as --dump is enabled');
}
