import type { CommandTable } from './command.ts';

/** Every command, loaded when it is called. */
export const commands: CommandTable = new Map([
  ['copy', () => import('./commands/copy.ts')],
  ['copyto', () => import('./commands/copyto.ts')],
  ['delete', () => import('./commands/delete.ts')],
  ['deletefile', () => import('./commands/deletefile.ts')],
  ['help', () => import('./commands/help.ts')],
  ['listremotes', () => import('./commands/listremotes.ts')],
  ['ls', () => import('./commands/ls.ts')],
  ['mkdir', () => import('./commands/mkdir.ts')],
  ['move', () => import('./commands/move.ts')],
  ['moveto', () => import('./commands/moveto.ts')],
  ['obscure', () => import('./commands/obscure.ts')],
  ['purge', () => import('./commands/purge.ts')],
  ['rcat', () => import('./commands/rcat.ts')],
  ['reveal', () => import('./commands/reveal.ts')],
  ['rmdir', () => import('./commands/rmdir.ts')],
  ['rmdirs', () => import('./commands/rmdirs.ts')],
  ['size', () => import('./commands/size.ts')],
  ['sync', () => import('./commands/sync.ts')],
  ['version', () => import('./commands/version.ts')],
]);
