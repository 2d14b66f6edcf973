import { Failure } from '../core/failure.ts';
import { type Config, parseConfig } from './config.ts';
import { deriveKey, type KeyDerivation, newDerivation } from './config-key.ts';
import type { ConfigDraft } from './draft.ts';
import { locateConfig } from './locate.ts';
import { readIfThere } from './read-file.ts';
import { type Contents, createVault, type VaultRequest } from './vault.ts';

/** rclone.conf: read, edited and sealed. */
export interface ConfigFile {
  /** Absolute; null for a config in memory only, which cannot be saved. */
  readonly path: string | null;
  /** A file that is not there is an empty config and a notice. The password is asked for once. Gives the same object
   *  until this process changes the file. Throws Failure, which names the file (and the line) that cannot be read. */
  read(): Promise<Config>;
  /** The text of the file, opened where it is sealed, otherwise as it stands; null where there is no file. */
  text(): Promise<Uint8Array | null>;
  /** Takes the lock, reads the file anew, lets `change` edit it and writes it whole, sealed as it was. Nothing is
   *  written when nothing changed or `change` throws. Others wait while `change` runs: it must not ask anybody.
   *  Throws Failure('usage') for a config in memory, Failure('denied', 'full') where the file cannot be written. */
  update<T>(change: (draft: ConfigDraft) => T | Promise<T>): Promise<T>;
  /** Makes an empty file where there is none. */
  touch(): Promise<void>;
  /** Asks for no password. */
  isSealed(): Promise<boolean>;
  /** How the file is sealed; null where it is plain. Asks for no password. */
  kdf(): Promise<KeyDerivation['kdf'] | null>;
  /** Sets, replaces or (null) removes the config's password. */
  seal(next: { readonly password: string; readonly kdf: KeyDerivation['kdf'] } | null): Promise<void>;
}

export interface ConfigRequest extends VaultRequest {
  /** `--config`; undefined when it was not given. */
  readonly path: string | undefined;
}

interface Rewriting<T> {
  /** Null leaves the file. */
  readonly next: Contents | null;
  readonly result: T;
}

/** The config file where rclone has it. Nothing is read before it is asked for. */
export function openConfigFile(request: ConfigRequest): ConfigFile {
  const { environment, report } = request;
  const path = locateConfig(request.path, environment);
  const vault = createVault(request, path);
  let reading: Promise<Config> | null = null;

  const data = (): Uint8Array | null => (path === null ? null : readIfThere(path));

  async function load(): Promise<Contents | null> {
    const found = data();
    return found && vault.open(found);
  }

  async function kdf(): Promise<KeyDerivation['kdf'] | null> {
    const found = data();
    return found && vault.kdf(found);
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
    const result = await rewriteFile(path, async (old) => {
      const { next, result } = await make(old && (await vault.reopen(old)), path);
      return { next: next && (await vault.close(next)), result };
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
    isSealed: async () => (await kdf()) !== null,
    kdf,
    async seal(next) {
      const key = next && (await deriveKey(next.password, newDerivation(next.kdf)));
      await rewrite(async (old) => ({ next: { plain: old?.plain ?? new Uint8Array(), key }, result: undefined }));
    },
  };
}
