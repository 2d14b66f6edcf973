export type Environment = Readonly<Record<string, string | undefined>>;

/** The places where the value of a remote's option may stand, in the order in which they are looked at. */
export interface OptionSources {
  /** The remote's name in the config: `allas`, `:crypt` for one on the fly, `local` for a plain path. */
  readonly name: string;
  /** Absent while the type is still to be found. */
  readonly type?: string;
  /** From a connection string. */
  readonly overrides?: ReadonlyMap<string, string>;
  /** From the command line: `swift-chunk-size` → `32Mi`. */
  readonly flags?: ReadonlyMap<string, string>;
  readonly environment: Environment;
  /** From the config file, where an empty value counts as none. */
  readonly section?: ReadonlyMap<string, string> | undefined;
}

/** The text of one option, undefined where nobody set it; same precedence as rclone's fs.ConfigMap. */
export function lookUp(option: string, sources: OptionSources): string | undefined {
  const { name, type, overrides, flags, environment, section } = sources;
  return (
    overrides?.get(option) ??
    (type === undefined ? undefined : flags?.get(backendFlag(type, option))) ??
    environment[remoteVariable(name, option)] ??
    (type === undefined ? undefined : environment[backendVariable(type, option)]) ??
    (section?.get(option) || undefined)
  );
}

/** Names of the remotes that the environment defines, as rclone lists them: in lower case. */
export function remotesInEnvironment(environment: Environment): string[] {
  const names = Object.keys(environment).map((variable) => /^RCLONE_CONFIG_(.*?)_TYPE$/s.exec(variable)?.[1]);
  return names.filter((name) => name !== undefined).map((name) => name.toLowerCase());
}

/** `RCLONE_CONFIG_ALLAS_CHUNK_SIZE`. rclone upper-cases the remote's name and leaves its dashes, dots and spaces. */
function remoteVariable(remote: string, option: string): string {
  return `RCLONE_CONFIG_${remote}_${option.replaceAll('-', '_')}`.toUpperCase();
}

/** `RCLONE_SWIFT_CHUNK_SIZE`. */
function backendVariable(type: string, option: string): string {
  return `RCLONE_${type}_${option}`.replaceAll('-', '_').toUpperCase();
}

/** `swift-chunk-size`. */
function backendFlag(type: string, option: string): string {
  return `${type}-${option}`.replaceAll('_', '-');
}
