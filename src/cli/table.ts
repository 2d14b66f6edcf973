import type { Command } from './command.ts';

type Loader = () => Promise<{ readonly command: Command }>;

/** Every command, loaded when it is called. */
export const commands: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['copy', () => import('./commands/copy.ts')],
  ['ls', () => import('./commands/ls.ts')],
]);
