import type { ConfigFile } from '../../config/config-file.ts';
import type { CommandContext } from '../command.ts';
import type { Dialog } from './dialog.ts';

/** What the parts of the menu work with. */
export interface Wizard {
  readonly dialog: Dialog;
  readonly file: ConfigFile;
  readonly context: CommandContext;
}
