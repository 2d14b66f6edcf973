import { Failure, messageOf } from '../core/failure.ts';
import type { Report } from '../core/report.ts';
import type { Engine } from '../crypto/engine.ts';
import { type ConfigKey, deriveKey } from './config-key.ts';
import { runPasswordCommand } from './password-command.ts';
import { openSealedConfig, type SealedConfig } from './sealed.ts';

/** Where the password of an encrypted config comes from, in the order in which it is asked for. */
export interface PasswordSources {
  /** A command line whose output is the password; empty for none. When it is set, nothing else is asked. */
  readonly command: string;
  /** `RCLONE_CONFIG_PASS`. */
  readonly variable: string | undefined;
  /** Asks the user, without echo; null where that is not wanted. Throws Failure where there is nobody to ask. */
  readonly prompt: ((question: string) => Promise<string>) | null;
}

/** An encrypted config's content and the key that opened it. */
export interface Unlocked {
  readonly plain: Uint8Array;
  readonly key: ConfigKey;
}

/** Opens an encrypted config; a wrong password is asked for again while there is somebody to ask.
 *  Throws Failure('wrong-password'), or Failure('usage') when no password is to be had. */
export async function unlock(
  sealed: SealedConfig,
  sources: PasswordSources,
  engine: Engine,
  report: Report,
): Promise<Unlocked> {
  if (sources.command !== '') {
    const password = await runPasswordCommand(sources.command);
    return (await tryPassword(sealed, password, engine)) ?? refuse('the password from the password command is wrong');
  }
  if (sources.variable) {
    const unlocked = await tryPassword(sealed, sources.variable, engine);
    if (unlocked) return unlocked;
    if (!sources.prompt) return refuse('the password in RCLONE_CONFIG_PASS is wrong');
    report.error('', 'the password in RCLONE_CONFIG_PASS does not open the config');
  }
  if (!sources.prompt) {
    throw new Failure('usage', 'the config is encrypted: set RCLONE_CONFIG_PASS or --password-command');
  }
  return ask(sealed, sources.prompt, engine, report);
}

async function ask(
  sealed: SealedConfig,
  prompt: (question: string) => Promise<string>,
  engine: Engine,
  report: Report,
): Promise<Unlocked> {
  for (;;) {
    const password = await prompt('Enter configuration password:');
    try {
      const unlocked = await tryPassword(sealed, password, engine);
      if (unlocked) return unlocked;
      report.error('', "couldn't decrypt the config, most likely a wrong password");
    } catch (error) {
      report.error('', messageOf(error));
    }
  }
}

async function tryPassword(sealed: SealedConfig, password: string, engine: Engine): Promise<Unlocked | null> {
  const key = await deriveKey(password, sealed.derivation);
  const plain = openSealedConfig(sealed, key, engine);
  return plain && { plain, key };
}

function refuse(why: string): never {
  throw new Failure('wrong-password', `cannot decrypt the config: ${why}`);
}
