import type { Entry, Nanoseconds } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import type { HashType } from '../../core/hash.ts';
import { csvRecord } from './csv.ts';
import { metadataObject, toGoJson } from './lsjson.ts';
import { formatSeconds } from './time.ts';

export interface LsfOptions {
  /** Null for the default: `;`, with CSV `,`. */
  readonly separator: string | null;
  readonly csv: boolean;
  /** A slash behind folders. */
  readonly dirSlash: boolean;
  /** A slash before paths. */
  readonly absolute: boolean;
  readonly hash: HashType;
  /** Stands where a store keeps no time, as for the folders of an object store. */
  readonly unknownTime: Nanoseconds;
  mimeType(entry: Entry): string;
  /** The name as the store sees it; null where the remote encrypts none. */
  readonly encryptedName: ((entry: Entry) => string) | null;
}

export interface LsfFormat {
  /** What an entry must carry before it is written. */
  readonly needs: {
    readonly modified: boolean;
    readonly hash: boolean;
    readonly mimeType: boolean;
    readonly metadata: boolean;
  };
  /** One line, without its end. */
  write(entry: Entry): string;
}

/** Compiles the letters of `lsf --format`: p path, s size, t time, h hash, m MIME type, M metadata, e encrypted name,
 *  and i, o and T (ID, original ID, tier), which no remote here tells and which stay empty. Throws Failure('usage'). */
export function createLsfFormat(format: string, options: LsfOptions): LsfFormat {
  const columns = [...format].map((letter) => columnOf(letter, options));
  const separator = options.separator ?? (options.csv ? ',' : ';');
  const join = options.csv ? csvRecord : (fields: readonly string[], between: string) => fields.join(between);
  return {
    needs: {
      modified: format.includes('t'),
      hash: format.includes('h'),
      mimeType: format.includes('m'),
      metadata: format.includes('M'),
    },
    write: (entry) =>
      join(
        columns.map((column) => column(entry)),
        separator,
      ),
  };
}

type Column = (entry: Entry) => string;

function columnOf(letter: string, options: LsfOptions): Column {
  switch (letter) {
    case 'p':
      return (entry) => dressed(entry.path, entry, options);
    case 's':
      return (entry) => String(entry.size ?? -1);
    case 't':
      return (entry) => formatSeconds(entry.modified ?? options.unknownTime);
    case 'h':
      return (entry) => (entry.kind === 'file' ? (entry.hashes?.[options.hash] ?? '') : '');
    case 'm':
      return options.mimeType;
    case 'e':
      return encryptedColumn(options);
    case 'i':
    case 'o':
    case 'T':
      return () => '';
    case 'M':
      return (entry) => toGoJson(entry.kind === 'file' && entry.metadata ? metadataObject(entry.metadata) : {});
    default:
      throw new Failure('usage', `unknown format character "${letter}": use p, s, t, h, i, o, m, e, T or M`);
  }
}

function encryptedColumn(options: LsfOptions): Column {
  const { encryptedName } = options;
  if (!encryptedName) throw new Failure('usage', 'the remote needs to be of type "crypt" to show encrypted names');
  return (entry) => dressed(encryptedName(entry), entry, options);
}

function dressed(path: string, entry: Entry, { absolute, dirSlash }: LsfOptions): string {
  return `${absolute && !path.startsWith('/') ? '/' : ''}${path}${dirSlash && entry.kind === 'folder' ? '/' : ''}`;
}
