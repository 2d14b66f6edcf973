import { Failure } from '../core/failure.ts';
import type { Report } from '../core/report.ts';
import { loadEngine } from '../crypto/engine.ts';
import { type Config, parseConfig } from './config.ts';
import { type ConfigKey, deriveKey, type KeyDerivation, newDerivation } from './config-key.ts';
import type { ConfigDraft } from './draft.ts';
import type { Environment } from './environment.ts';
import { locateConfig } from './locate.ts';
import { readIfThere } from './read-file.ts';
import { openSealedConfig, type SealedConfig, sealConfig, sealedConfigIn } from './sealed.ts';
import type { Unlocked } from './unlock.ts';

/** rclone.conf: read, edited and sealed. */
export interface ConfigFile {
  /** Absolute; null for a config in memory only, which cannot be saved. */
  readonly path: string | null;
  /** A file that is not there is an empty config and a notice. The password is asked for once. Gives the same object
   *  until this process changes the file. Throws Failure, which names the file (and the line) that cannot be read. */
  read(): Promise<Config>;
  /** The file opened, as it stands; null where there is none. */
  text(): Promise<Uint8Array | null>;
  /** Takes the lock, reads the file anew, lets `change` edit it and writes it whole, sealed as it was. Nothing is
   *  written when nothing changed or `change` throws. Others wait while `change` runs: it must not ask anybody.
   *  Throws Failure('usage') for a config in memory, Failure('denied', 'full') where the file cannot be written. */
  update<T>(change: (draft: ConfigDraft) => T | Promise<T>): Promise<T>;
  /** Makes an empty file where there is none. */
  touch(): Promise<void>;
  /** Asks for no password. */
  isSealed(): Promise<boolean>;
  /** Sets, replaces or (null) removes the config's password. */
  seal(next: { readonly password: string; readonly kdf: KeyDerivation['kdf'] } | null): Promise<void>;
}

export interface ConfigRequest {
  /** `--config`; undefined when it was not given. */
  readonly path: string | undefined;
  /** `--password-command`; undefined when it was not given. */
  readonly passwordCommand: string | undefined;
  /** Asks without echo; null for `--ask-password=false`. */
  readonly prompt: ((question: string) => Promise<string>) | null;
  readonly environment: Environment;
  readonly report: Report;
}

interface Contents {
  readonly plain: Uint8Array;
  /** What the file is sealed with; null where it is plain. */
  readonly key: ConfigKey | null;
}

interface Rewriting<T> {
  /** Null leaves the file. */
  readonly next: Contents | null;
  readonly result: T;
}

type Unlocking = (sealed: SealedConfig) => Promise<Unlocked>;

/** The config file where rclone has it. Nothing is read before it is asked for. */
export function openConfigFile(request: ConfigRequest): ConfigFile {
  const { environment, report } = request;
  const path = locateConfig(request.path, environment);
  let lastKey: ConfigKey | null = null;
  let reading: Promise<Config> | null = null;

  async function load(): Promise<Contents | null> {
    const data = path === null ? null : readIfThere(path);
    return data && (await open(data, unlock));
  }

  async function open(data: Uint8Array, unlockBy: Unlocking): Promise<Contents> {
    try {
      const sealed = sealedConfigIn(data);
      if (!sealed) return { plain: data, key: null };
      const plain = lastKey && openSealedConfig(sealed, lastKey, await loadEngine(environment));
      if (plain) return { plain, key: lastKey };
      const unlocked = await unlockBy(sealed);
      lastKey = unlocked.key;
      return unlocked;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure(error.kind, `cannot read config file ${path}: ${error.message}`, { cause: error });
    }
  }

  async function unlock(sealed: SealedConfig): Promise<Unlocked> {
    const { unlock } = await import('./unlock.ts');
    const command = request.passwordCommand ?? environment.RCLONE_PASSWORD_COMMAND ?? '';
    const sources = { command, variable: environment.RCLONE_CONFIG_PASS, prompt: request.prompt };
    return unlock(sealed, sources, await loadEngine(environment), report);
  }

  async function parse(): Promise<Config> {
    const contents = await load();
    if (path !== null && !contents) report.notice('', `Config file "${path}" not found - using defaults`);
    return parseConfig(contents?.plain ?? new Uint8Array(), path, environment);
  }

  /** `make` gets what the file holds, null where there is none. */
  async function rewrite<T>(make: (old: Contents | null, file: string) => Promise<Rewriting<T>>): Promise<T> {
    if (path === null) {
      throw new Failure('usage', 'this config is in memory only and cannot be saved: give a file with --config');
    }
    // Asks for the password before others have to wait.
    await load();
    const { rewriteFile } = await import('./save.ts');
    const result = await rewriteFile(path, async (data) => {
      const { next, result } = await make(data && (await open(data, refuseNewPassword)), path);
      if (!next) return { next, result };
      lastKey = next.key;
      const sealed = next.key ? sealConfig(next.plain, next.key, await loadEngine(environment)) : next.plain;
      return { next: sealed, result };
    });
    reading = null;
    return result;
  }

  return {
    path,
    read() {
      reading ??= parse();
      return reading;
    },
    async text() {
      return (await load())?.plain ?? null;
    },
    async update<T>(change: (draft: ConfigDraft) => T | Promise<T>): Promise<T> {
      const { editConfig } = await import('./draft.ts');
      return rewrite(async (old, file) => {
        const plain = old?.plain ?? new Uint8Array();
        const draft = editConfig(plain, file);
        const result = await change(draft);
        const edited = draft.bytes();
        const next = Buffer.compare(edited, plain) === 0 ? null : { plain: edited, key: old?.key ?? null };
        return { next, result };
      });
    },
    touch: () =>
      rewrite(async (old) => ({ next: old ? null : { plain: new Uint8Array(), key: null }, result: undefined })),
    async isSealed() {
      const data = path === null ? null : readIfThere(path);
      return data !== null && sealedConfigIn(data) !== null;
    },
    async seal(next) {
      const key = next && (await deriveKey(next.password, newDerivation(next.kdf)));
      await rewrite(async (old) => ({ next: { plain: old?.plain ?? new Uint8Array(), key }, result: undefined }));
    },
  };
}

// Nobody is asked while others wait for the lock.
async function refuseNewPassword(): Promise<never> {
  throw new Failure('changed', 'its password was changed meanwhile: run the command again');
}
