import { readFileSync } from 'node:fs';
import { Failure, messageOf } from '../core/failure.ts';
import type { Report } from '../core/report.ts';
import { type Environment, remotesInEnvironment } from './environment.ts';
import { parseIni } from './ini.ts';
import { locateConfig } from './locate.ts';
import { sealedConfigIn } from './sealed.ts';
import { sectionsOf, valuesOf } from './sections.ts';

/** The remotes that rclone.conf and the environment define. */
export interface Config {
  /** The file, absolute; null for a config in memory only. */
  readonly path: string | null;
  /** Names in the file's order, then those of the environment alone, in lower case. */
  sections(): readonly string[];
  /** What the file sets for a remote, as rclone finds it: option → raw value, secrets still obscured.
   *  Undefined for a remote of the environment alone. Throws Failure('usage') where a value refers to itself. */
  section(name: string): ReadonlyMap<string, string> | undefined;
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

/** Reads the config where rclone has it. A file that is not there is an empty config and a notice.
 *  Throws Failure, which names the file (and the line) that cannot be read, or says which password is wrong. */
export async function loadConfig(request: ConfigRequest): Promise<Config> {
  const { environment, report } = request;
  const path = locateConfig(request.path, environment);
  const data = path === null ? null : readConfigFile(path, report);
  const lines = path === null || data === null ? [] : parseIni(await decrypt(data, path, request), path);
  const sections = sectionsOf(lines);
  return {
    path,
    sections: () => [...new Set([...sections.keys(), ...remotesInEnvironment(environment)])],
    section: (name) => valuesOf(sections, name),
  };
}

function readConfigFile(path: string, report: Report): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') {
      report.notice('', `Config file "${path}" not found - using defaults`);
      return null;
    }
    const kind = code === 'EACCES' || code === 'EPERM' ? 'denied' : 'usage';
    throw new Failure(kind, `cannot read config file ${path}: ${messageOf(error)}`, { path, cause: error });
  }
}

async function decrypt(data: Uint8Array, path: string, request: ConfigRequest): Promise<Uint8Array> {
  const { environment, report, prompt } = request;
  try {
    const sealed = sealedConfigIn(data);
    if (!sealed) return data;
    const [{ loadEngine }, { unlock }] = await Promise.all([import('../crypto/engine.ts'), import('./unlock.ts')]);
    const command = request.passwordCommand ?? environment.RCLONE_PASSWORD_COMMAND ?? '';
    const sources = { command, variable: environment.RCLONE_CONFIG_PASS, prompt };
    return await unlock(sealed, sources, await loadEngine(environment), report);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.kind, `cannot read config file ${path}: ${error.message}`, { path, cause: error });
  }
}
