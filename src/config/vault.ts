import { Failure } from '../core/failure.ts';
import type { Report } from '../core/report.ts';
import { loadEngine } from '../crypto/engine.ts';
import type { ConfigKey, KeyDerivation } from './config-key.ts';
import type { Environment } from './environment.ts';
import { openSealedConfig, sealConfig, sealedConfigIn } from './sealed.ts';

export interface Contents {
  readonly plain: Uint8Array;
  /** What the file is sealed with; null where it is plain. */
  readonly key: ConfigKey | null;
}

/** Opens and seals what one config file holds, and remembers the keys that did. Throws Failure, which names the file. */
export interface Vault {
  /** Looks for the password where no key at hand opens it. */
  open(data: Uint8Array): Promise<Contents>;
  /** Only with the keys at hand. Throws Failure('changed') where they do not open it. */
  reopen(data: Uint8Array): Promise<Contents>;
  close(contents: Contents): Promise<Uint8Array>;
  kdf(data: Uint8Array): Promise<KeyDerivation['kdf'] | null>;
}

export interface VaultRequest {
  /** `--password-command`; empty or undefined for none. */
  readonly passwordCommand: string | undefined;
  /** Asks without echo; null for `--ask-password=false`. */
  readonly prompt: ((question: string) => Promise<string>) | null;
  readonly environment: Environment;
  readonly report: Report;
}

export function createVault(
  { passwordCommand, prompt, environment, report }: VaultRequest,
  path: string | null,
): Vault {
  // The newest first. An old one is needed again when a new password could not be saved.
  const keys: ConfigKey[] = [];

  async function open(data: Uint8Array, mayAsk: boolean): Promise<Contents> {
    const sealed = sealedConfigIn(data);
    if (!sealed) return { plain: data, key: null };
    const engine = await loadEngine(environment);
    for (const key of keys) {
      const plain = openSealedConfig(sealed, key, engine);
      if (plain) return { plain, key };
    }
    if (!mayAsk) throw new Failure('changed', 'its password was changed meanwhile: run the command again');
    const { unlock } = await import('./unlock.ts');
    const sources = { command: passwordCommand ?? '', variable: environment.RCLONE_CONFIG_PASS, prompt };
    const unlocked = await unlock(sealed, sources, engine, report);
    keys.unshift(unlocked.key);
    return unlocked;
  }

  async function named<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const message = `cannot read config file ${path}: ${error.message}`;
      throw new Failure(error.kind, message, { cause: error, path: path ?? undefined });
    }
  }

  return {
    open: (data) => named(() => open(data, true)),
    reopen: (data) => named(() => open(data, false)),
    async close({ plain, key }) {
      if (!key) return plain;
      if (!keys.includes(key)) keys.unshift(key);
      return sealConfig(plain, key, await loadEngine(environment));
    },
    kdf: (data) => named(() => sealedConfigIn(data)?.derivation.kdf ?? null),
  };
}
