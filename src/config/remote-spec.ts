import { Failure } from '../core/failure.ts';

/** What a user writes for a place: `/folder`, `allas:bucket`, `allas,chunk_size=64Mi:bucket`, `:crypt,remote=/folder:`. */
export interface RemoteSpec {
  /** The name in the config; with a leading colon the type of a remote on the fly; null for a local path. */
  readonly name: string | null;
  /** Options of the connection string; a bare one is `true`. */
  readonly overrides: ReadonlyMap<string, string>;
  /** As written, `/` between segments. */
  readonly path: string;
}

const localPath: Pick<RemoteSpec, 'name' | 'overrides'> = { name: null, overrides: new Map() };

// Letters of any script, `+` and `@` came after rclone 1.60; nothing that it takes is refused.
const validName = /^:?[\w\p{L}\p{N}.+@ -]+$/u;

/** Takes a spec apart by the rules of rclone's fspath.Parse, with its words for what is wrong.
 *  Throws Failure('usage'), which shows no more of a connection string than the remote's name. */
export function parseRemoteSpec(spec: string): RemoteSpec {
  if (spec === '') throw new Failure('usage', "can't use empty string as a path");
  if (!spec.includes(':')) return { ...localPath, path: spec };
  const name = /^:?[^:,/\\]*/.exec(spec)?.[0] ?? '';
  const delimiter = spec[name.length];
  const fail = (why: string): never => {
    throw new Failure('usage', `cannot parse remote "${name}${delimiter === ',' ? ',…' : ''}": ${why}`);
  };
  if (delimiter === '/' || delimiter === '\\') {
    return spec.startsWith(':') ? fail('config name contains invalid characters') : { ...localPath, path: spec };
  }
  if (delimiter === undefined) return fail('config name needs a trailing `:`');
  if (name === '' || name === ':') return fail("config name can't be empty");
  if (!validName.test(name)) {
    return fail(
      'config name contains invalid characters - may only contain letters, digits, `_`, `-`, `.`, `+`, `@` and space',
    );
  }
  if (delimiter === ':') return { name, overrides: new Map(), path: spec.slice(name.length + 1) };
  return { name, ...parseOverrides(spec, name.length + 1, fail) };
}

/** What messages call the remote: never with the values of a connection string, which may be secret. */
export function remoteLabel(spec: RemoteSpec): string {
  return `${spec.name ?? 'local'}${spec.overrides.size > 0 ? '{…}' : ''}`;
}

/** Equal for specs that mean the same remote of this type, whatever their paths. Holds secrets: not for messages. */
export function remoteIdentity(spec: RemoteSpec, type: string): string {
  const overrides = [...spec.overrides].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([spec.name ?? 'local', type, overrides]);
}

function parseOverrides(spec: string, start: number, fail: (why: string) => never): Omit<RemoteSpec, 'name'> {
  const overrides = new Map<string, string>();
  let offset = start;
  for (;;) {
    const [option = ''] = matchAt(/\w*/y, spec, offset);
    offset += option.length;
    const delimiter = spec[offset++];
    if (delimiter === undefined) return fail('config parameter must end with `,` or `:`');
    if (!',:='.includes(delimiter)) return fail('config parameters may only contain `0-9`, `A-Z`, `a-z` and `_`');
    if (option === '') return fail("config parameters can't be empty");
    let end: string | undefined = delimiter;
    if (delimiter === '=') {
      const value = parseValue(spec, offset, fail);
      // In rclone the rest of the address becomes the path, and the login fails for another reason.
      if (/^https?$/.test(value.text) && spec.startsWith('://', value.endOffset)) {
        return fail(`put quotes around a value with a colon: ${option}="${value.text}://…"`);
      }
      overrides.set(option, value.text);
      offset = value.endOffset + 1;
      end = spec[value.endOffset];
    } else {
      overrides.set(option, 'true');
    }
    if (end === ':') return { overrides, path: spec.slice(offset) };
  }
}

/** The value at `offset` and where the `,` or `:` behind it stands. */
function parseValue(spec: string, offset: number, fail: (why: string) => never): { text: string; endOffset: number } {
  const quote = spec[offset];
  if (quote !== '"' && quote !== "'") {
    const [text = ''] = matchAt(/[^,:]*/y, spec, offset);
    const endOffset = offset + text.length;
    return endOffset < spec.length ? { text, endOffset } : fail('unquoted config value must end with `,` or `:`');
  }
  const quoted = matchAt(quote === '"' ? /"((?:[^"]|"")*)"(?!")/y : /'((?:[^']|'')*)'(?!')/y, spec, offset);
  if (quoted.length === 0) return fail('unterminated quoted config value');
  const [whole = '', text = ''] = quoted;
  const endOffset = offset + whole.length;
  if (spec[endOffset] !== ',' && spec[endOffset] !== ':') {
    return fail('expecting `:` or `,` or another quote after a quote');
  }
  return { text: text.replaceAll(quote + quote, quote), endOffset };
}

function matchAt(pattern: RegExp, text: string, offset: number): readonly string[] {
  pattern.lastIndex = offset;
  return pattern.exec(text) ?? [];
}
