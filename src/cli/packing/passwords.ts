import { runPasswordCommand } from '../../config/password-command.ts';
import { Failure } from '../../core/failure.ts';
import type { Keys } from '../../packing/seal.ts';
import type { CommandContext } from '../command.ts';
import { textFlag } from '../flags.ts';
import { keyFlags, openOwnKey } from '../keys.ts';

/** Flags of every command that opens or seals by a password. */
export const passwordFlags = {
  'gpg-password-command': textFlag('Command that prints the password of gpg encryption', {
    placeholder: 'SpaceSepList',
  }),
};

/** Flags of every command that opens objects. */
export const openingFlags = { ...keyFlags, ...passwordFlags };

type PasswordContext = Pick<CommandContext<typeof passwordFlags>, 'flags' | 'io'>;

const alternative = 'COFFER_GPG_PASSWORD or --gpg-password-command';

/** The password that seals: from the command, the environment, or the terminal, where it is asked for twice.
 *  Throws Failure('usage') where there is none. */
export async function newPassword(context: PasswordContext): Promise<string> {
  const given = await givenPassword(context);
  if (given !== null) return given;
  const { promptNewSecret } = await import('../prompt.ts');
  return promptNewSecret('Password to encrypt with:', context.io, alternative);
}

export interface OpeningKeys extends Keys {
  /** Resolves when no question is open: what is shown meanwhile would stand in the line of the question. */
  answered(): Promise<unknown>;
}

/** What opens objects; each is asked for once, when it is first needed. */
export function openingKeys(context: Pick<CommandContext<typeof openingFlags>, 'flags' | 'io' | 'log'>): OpeningKeys {
  const asked: Promise<unknown>[] = [];
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => {
      if (!made) {
        made = make();
        asked.push(made);
      }
      return made;
    };
  };
  return {
    password: once(async () => (await givenPassword(context)) ?? askPassword(context)),
    secretKey: once(() => openOwnKey(context)),
    answered: () => Promise.allSettled(asked),
  };
}

async function givenPassword({ flags, io }: PasswordContext): Promise<string | null> {
  const command = flags['gpg-password-command'];
  if (command !== '') return runPasswordCommand(command);
  const given = io.environment.COFFER_GPG_PASSWORD;
  if (given === '') throw new Failure('usage', 'COFFER_GPG_PASSWORD is empty: set it to the password, or unset it');
  if (given !== undefined) return given;
  if (!flags['ask-password']) throw new Failure('usage', `a password is needed: set ${alternative}`);
  return null;
}

async function askPassword({ io }: PasswordContext): Promise<string> {
  const { promptSecret } = await import('../prompt.ts');
  return promptSecret('Password of the gpg encryption:', io, alternative);
}
