import { type Environment, remotesInEnvironment } from './environment.ts';
import { parseIni } from './ini.ts';
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

/** Throws Failure('usage') with the path and the line that cannot be read. */
export function parseConfig(plain: Uint8Array, path: string | null, environment: Environment): Config {
  const sections = sectionsOf(parseIni(plain, path ?? ''));
  return {
    path,
    sections: () => [...new Set([...sections.keys(), ...remotesInEnvironment(environment)])],
    section: (name) => valuesOf(sections, name),
  };
}
