import { Failure, isFailure } from '../../core/failure.ts';
import { comparePaths } from '../../core/path.ts';
import type { CommandContext } from '../command.ts';
import { pick } from './ask.ts';
import { copyRemote, deleteRemote, editRemote, renameRemote } from './change-remote.ts';
import { setPassword } from './config-password.ts';
import { openDialog } from './dialog.ts';
import { fileRemotes, type Remotes } from './file-remotes.ts';
import { makeRemote } from './make-remote.ts';
import type { Wizard } from './wizard.ts';

const make = { n: 'New remote' };
const change = { d: 'Delete remote', r: 'Rename remote', c: 'Copy remote' };
const other = { s: 'Set configuration password', q: 'Quit config' };

/** `coffer config`: shows the remotes and does what the user chooses, until that is to quit. */
export async function runMenu(context: CommandContext): Promise<void> {
  const file = context.configFile();
  if (file.path === null) throw new Failure('usage', 'this config lives in memory only: name a file with --config');
  // Says where there is no file yet.
  await file.read();
  const dialog = openDialog(context.io, context.session.signal);
  const wizard: Wizard = { dialog, file, context };
  for (;;) {
    const action = await askAction(wizard, await fileRemotes(context));
    if (action === 'q') return;
    await dialog.say('');
    try {
      await actions[action](wizard);
    } catch (error) {
      // A person goes on; a script must hear of it, and the end of the input is the end.
      if (!dialog.isTerminal || dialog.hasEnded || !isFailure(error) || error.kind === 'cancelled') throw error;
      await dialog.say(`That failed: ${error.message}`);
    }
    await dialog.say('');
  }
}

const actions = { e: editRemote, n: makeRemote, d: deleteRemote, r: renameRemote, c: copyRemote, s: setPassword };

async function askAction({ dialog }: Wizard, remotes: Remotes): Promise<keyof typeof actions | 'q'> {
  if (remotes.size === 0) {
    await dialog.say('No remotes found, make a new one?');
    return pick(dialog, { ...make, ...other });
  }
  const rows = [...remotes].sort(byName).map(([name, values]) => [name, values.get('type') ?? '']);
  const table = [['Name', 'Type'], ['====', '===='], ...rows];
  await dialog.say('Current remotes:\n');
  for (const [name = '', type = ''] of table) await dialog.say(`${name.padEnd(20)} ${type}`);
  await dialog.say('');
  return pick(dialog, { e: 'Edit existing remote', ...make, ...change, ...other });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return comparePaths(a, b);
}
