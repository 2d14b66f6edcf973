import { isIncluded, type Visit, walk } from '../transfer/walk.ts';
import type { CommandContext } from './command.ts';
import { visible } from './log.ts';
import { openTarget } from './source.ts';

/** Shows what a user's argument names to a listing command: one file, or all below a folder. */
export async function walkTarget(context: CommandContext, spec: string, visit: Visit): Promise<void> {
  const { location, file } = await openTarget(context, spec);
  if (!file) return walk(context.session, location, visit);
  if (isIncluded(context.session, file)) await visit([file]);
}

/** A path as it is printed: exact for programs, without control characters on a terminal. */
export function shownPath({ io }: Pick<CommandContext, 'io'>, path: string): string {
  return io.stdout.isTerminal ? visible(path) : path;
}
