import { inNanoseconds } from '../core/date.ts';
import type { Entry, Nanoseconds } from '../core/entry.ts';
import type { ListMethod, Location } from '../core/remote.ts';
import { listAheadFor } from '../transfer/list-ahead.ts';
import { placeName } from '../transfer/place.ts';
import { mayStand } from '../transfer/presence.ts';
import { type Visit, walk } from '../transfer/walk.ts';
import type { CommandContext } from './command.ts';
import { type FlagValues, toggle } from './flags.ts';
import type { SizeStyle } from './format/lines.ts';
import type { Output } from './io.ts';
import { visible, visibleJson } from './log.ts';
import { openTarget, type Target } from './source.ts';

/** A page of entries whose paths are relative to `at`. */
type VisitAt = (entries: readonly Entry[], at: Location) => void | Promise<void>;

/** Shows what a user's argument names to a listing command: one file, or all below a folder. */
export async function walkTarget(context: CommandContext, spec: string, visit: VisitAt): Promise<void> {
  await listingAhead(context, 'walk', async (walking) => {
    const target = await openTarget(walking, spec);
    let isEmpty = true;
    await walkOpened(walking, target, (page) => {
      if (page.length > 0) isEmpty = false;
      return visit(page, target.location);
    });
    if (isEmpty) await noteAbsence(walking, target.location);
  });
}

/** Tells a person that a command found nothing because nothing is there: a store whose folders are only prefixes lists a
 *  mistyped path as empty. A script, which may look again and again until something comes, is not told. */
export async function noteAbsence({ io, log, session }: CommandContext, at: Location): Promise<void> {
  if (!io.stderr.isTerminal || session.progress.errors > 0 || (await mayStand(session, at))) return;
  const hint = /[*?]/.test(at.path) ? ': patterns go into --include' : '';
  log.notice(placeName(at), `nothing of this name is there${hint}`);
}

/** Does `work`, which opens remotes and looks at all that is there, with listings that may begin while they open. */
export async function listingAhead<C extends Pick<CommandContext, 'session'>>(
  context: C,
  method: ListMethod,
  work: (walking: C) => Promise<void>,
): Promise<void> {
  await using ahead = listAheadFor(context.session, method);
  await work({ ...context, session: { ...context.session, ahead } });
}

/** As `walkTarget`, for a target that is open already. */
export async function walkOpened({ session }: CommandContext, { location, file }: Target, visit: Visit): Promise<void> {
  if (!file) await walk(session, location, visit);
  else await visit([file]);
}

/** A path as it is printed: exact for programs, without control characters on a terminal. */
export function shownPath({ io }: Pick<CommandContext, 'io'>, path: string): string {
  return pathOn(io.stdout, path);
}

/** As `shownPath`, for an output that may be a file. */
export function pathOn(output: Pick<Output, 'isTerminal'>, path: string): string {
  return output.isTerminal ? visible(path) : path;
}

/** The same for JSON. */
export function jsonOn(output: Pick<Output, 'isTerminal'>, json: string): string {
  return output.isTerminal ? visibleJson(json) : json;
}

/** The entry with its path as it is printed. */
export function shownEntry<E extends Entry>(context: Pick<CommandContext, 'io'>, entry: E): E {
  return context.io.stdout.isTerminal ? { ...entry, path: visible(entry.path) } : entry;
}

/** A context that stays in the first folder unless the command recurses or --max-depth says how deep. */
export function atDepth<C extends CommandContext>(context: C, isRecursive: boolean): C {
  return isRecursive || context.session.options.maxDepth >= 0 ? context : withDepth(context, 1);
}

/** A context with another --max-depth. */
export function withDepth<C extends Pick<CommandContext, 'session'>>(context: C, maxDepth: number): C {
  const { session } = context;
  return { ...context, session: { ...session, options: { ...session.options, maxDepth } } };
}

/** What is shown where a store keeps no time. */
export function now({ io }: Pick<CommandContext, 'io'>): Nanoseconds {
  return inNanoseconds(io.date());
}

export function sizeStyle({ flags }: Pick<CommandContext, 'flags'>): SizeStyle {
  return flags['human-readable'] ? 'human' : 'bytes';
}

/** Flags of the listings that show folders too. */
export const kindFlags = {
  'dirs-only': toggle('Show only directories in the listing'),
  'files-only': toggle('Show only files in the listing'),
};

export function isListed(flags: FlagValues<typeof kindFlags>, { kind }: Entry): boolean {
  return kind === 'file' ? !flags['dirs-only'] : !flags['files-only'];
}
