import { inNanoseconds } from '../core/date.ts';
import type { Report } from '../core/report.ts';
import { everything } from '../transfer/filter/everything.ts';
import type { Filter } from '../transfer/filter/filter.ts';
import { type FilterFlags, filterFlagSpecs } from '../transfer/filter/flags.ts';
import { type FlagSpec, type FlagSpecs, listFlag, textFlag, toggle } from './flags.ts';
import type { Io } from './io.ts';

type Key = keyof FilterFlags;
const entries = Object.entries(filterFlagSpecs) as [Key, (typeof filterFlagSpecs)[Key]][];

/** rclone's filter flags as the command line takes them. */
export const filterFlags: FlagSpecs = Object.fromEntries(entries.map(([, spec]) => [spec.name, flagOf(spec)]));

function flagOf({ kind, help, value, short }: (typeof filterFlagSpecs)[Key]): FlagSpec<unknown> {
  if (kind === 'flag') return toggle(help, short) as FlagSpec<unknown>;
  const spec =
    kind === 'list' ? listFlag(help, value) : textFlag(help, { initial: 'off', ...(value && { placeholder: value }) });
  return { ...spec, ...(short && { short }) } as FlagSpec<unknown>;
}

/** The filter that the flags ask for. The rules' reader is loaded only when there are rules. */
export async function filterOf(flags: Readonly<Record<string, unknown>>, io: Io, report: Report): Promise<Filter> {
  const isGiven = Object.entries(filterFlags).some(([name, spec]) => !isSame(flags[name], spec.initial));
  if (!isGiven) return everything;
  const { createFilter } = await import('../transfer/filter/filter.ts');
  const { readText } = await import('./read-text.ts');
  const given = Object.fromEntries(entries.map(([key, spec]) => [key, flags[spec.name]])) as unknown as FilterFlags;
  return createFilter(given, { readText, now: inNanoseconds(io.date()), report });
}

function isSame(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.length === b.length : a === b;
}
