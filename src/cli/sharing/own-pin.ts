import { isFailure } from '../../core/failure.ts';
import type { ShareDocument } from '../../sharing/document.ts';
import { pinOf } from '../../sharing/join-plan.ts';
import { type Pin, pinIn, pinValues } from '../../sharing/pin.ts';
import type { CommandContext } from '../command.ts';

/** What the section `name` remembers. */
export async function ownPin({ config }: Pick<CommandContext, 'config'>, name: string): Promise<Pin | null> {
  return pinIn((await config()).section(name));
}

/** Remembers in the maker's own section which share was published last, so that an older one is noticed when it is to be
 *  changed. A remote that was joined from another maker stays pinned to that one. The share stands already: where the
 *  config cannot be written, that is told and no more. */
export async function rememberShare(
  { configFile, log }: Pick<CommandContext, 'configFile' | 'log'>,
  name: string,
  share: ShareDocument,
): Promise<void> {
  const file = configFile();
  if (file.path === null) return;
  try {
    await file.update((draft) => {
      const section = draft.section(name);
      const pin = pinOf(share);
      if (section && (pinIn(section)?.maker ?? pin.maker) === pin.maker) draft.set(name, pinValues(pin));
    });
  } catch (error) {
    if (!isFailure(error)) throw error;
    log.notice('', `the share is made, but its serial could not be remembered: ${error.message}`);
  }
}
