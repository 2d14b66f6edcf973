import type { Config } from '../../config/config.ts';
import { parseRemoteSpec } from '../../config/remote-spec.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { loadBackend } from '../../remotes/table.ts';
import type { CommandContext } from '../command.ts';
import { visible } from '../log.ts';
import { pick } from './ask.ts';
import { askNewName, chooseRemote, remotesIn } from './ask-name.ts';
import { setPassword } from './config-password.ts';
import { openDialog } from './dialog.ts';
import { makeRemote } from './make-remote.ts';
import { settleRemote } from './settle-remote.ts';
import type { Wizard } from './wizard.ts';

const make = { n: 'New remote' };
const change = { d: 'Delete remote', r: 'Rename remote', c: 'Copy remote' };
const other = { s: 'Set configuration password', q: 'Quit config' };

/** `coffer config`: shows the remotes and does what the user chooses, until that is to quit. */
export async function runMenu(context: CommandContext): Promise<void> {
  const file = context.configFile();
  if (file.path === null) throw new Failure('usage', 'this config lives in memory only: name a file with --config');
  const dialog = openDialog(context.io, context.session.signal);
  const wizard: Wizard = { dialog, file, context };
  for (;;) {
    const action = await askAction(wizard, await file.read());
    if (action === 'q') return;
    await dialog.say('');
    try {
      await actions[action](wizard);
    } catch (error) {
      // A person goes on; a script must hear of it, and the end of the input is the end.
      if (!dialog.isTerminal || dialog.hasEnded || !isFailure(error) || error.kind === 'cancelled') throw error;
      await dialog.say(`Nothing was changed: ${error.message}`);
    }
    await dialog.say('');
  }
}

const actions = { e: editRemote, n: makeRemote, d: deleteRemote, r: renameRemote, c: copyRemote, s: setPassword };

async function askAction({ dialog }: Wizard, config: Config): Promise<keyof typeof actions | 'q'> {
  const names = remotesIn(config);
  if (names.length === 0) {
    await dialog.say('No remotes found, make a new one?');
    return pick(dialog, { ...make, ...other });
  }
  const rows = ['Name', '====', ...names].map((name) => name.padEnd(20));
  const types = ['Type', '====', ...names.map((name) => config.section(name)?.get('type') ?? '')];
  await dialog.say(
    `Current remotes:\n\n${rows.map((row, index) => `${row} ${visible(types[index] ?? '')}`).join('\n')}\n`,
  );
  return pick(dialog, { e: 'Edit existing remote', ...make, ...change, ...other });
}

async function editRemote(wizard: Wizard): Promise<void> {
  const { dialog, file } = wizard;
  const config = await file.read();
  const name = await chooseRemote(dialog, config);
  const saved = config.section(name) ?? new Map<string, string>();
  const backend = await loadBackend(saved.get('type') ?? '');
  await dialog.say('');
  await settleRemote(wizard, { name, backend, saved });
}

async function deleteRemote({ dialog, file }: Wizard): Promise<void> {
  const name = await chooseRemote(dialog, await file.read());
  await file.update((draft) => draft.remove(name));
  await warnOfDependents(dialog, await file.read(), name);
}

async function renameRemote({ dialog, file }: Wizard): Promise<void> {
  const config = await file.read();
  const name = await chooseRemote(dialog, config);
  await dialog.say(`\nEnter new name for "${name}" remote.`);
  const to = await askNewName(dialog, config);
  await file.update((draft) => draft.rename(name, to));
  await warnOfDependents(dialog, await file.read(), name);
}

async function copyRemote({ dialog, file }: Wizard): Promise<void> {
  const config = await file.read();
  const name = await chooseRemote(dialog, config);
  await dialog.say(`\nEnter name for copy of "${name}" remote.`);
  const to = await askNewName(dialog, config);
  await file.update((draft) => draft.copy(name, to));
}

/** Says which remotes still stand on one that is not called so any more. */
async function warnOfDependents(dialog: Wizard['dialog'], config: Config, name: string): Promise<void> {
  const dependents = remotesIn(config).filter((other) => standsOn(config.section(other)?.get('remote') ?? '', name));
  if (dependents.length > 0) await dialog.say(`Still standing on "${name}:", edit them too: ${dependents.join(', ')}`);
}

function standsOn(spec: string, name: string): boolean {
  try {
    return parseRemoteSpec(spec).name === name;
  } catch (error) {
    if (!isFailure(error, 'usage')) throw error;
    return false;
  }
}
