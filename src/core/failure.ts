/** What went wrong, in the words that every layer shares. Exit codes, errnos and HTTP statuses are mapped from it. */
export type FailureKind =
  | 'usage' // the request makes no sense: a flag, an option, a range
  | 'not-found' // no such file
  | 'folder-not-found' // no such folder, bucket or remote root
  | 'is-folder' // a file was asked for and a folder stands there
  | 'is-file' // a folder is needed and a file stands there
  | 'exists'
  | 'not-empty'
  | 'denied' // the store refuses, whether it knows us or not
  | 'corrupt' // bytes that do not authenticate, lengths that do not fit
  | 'wrong-password'
  | 'unsupported'
  | 'too-large' // a name or an object over what the store takes
  | 'full' // no space, quota used up
  | 'changed' // the source changed while it was read
  | 'transient' // may pass when tried again
  | 'exceeded' // a limit that the user has set is reached
  | 'cancelled'
  | 'fatal'; // nothing further can succeed

export interface FailureDetails {
  readonly path?: string | undefined;
  readonly cause?: unknown;
  /** Milliseconds to wait before another try, where the store said so; 0 where it asks to slow down and does not say for how
   *  long. */
  readonly retryAfter?: number | undefined;
  /** Overrides what the kind implies. */
  readonly retryable?: boolean;
}

/** The one error class. The message is lower case, names the thing and the next step, and holds no secret. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly path: string | undefined;
  readonly retryAfter: number | undefined;
  readonly retryable: boolean;

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.path = details.path;
    this.retryAfter = details.retryAfter;
    this.retryable = details.retryable ?? kind === 'transient';
  }
}

export function isFailure(error: unknown, ...kinds: readonly FailureKind[]): error is Failure {
  return error instanceof Failure && (kinds.length === 0 || kinds.includes(error.kind));
}

/** Either kind of absence. */
export function isAbsence(error: unknown): error is Failure {
  return isFailure(error, 'not-found', 'folder-not-found');
}

/** What `action` resolves with; null where it fails because the thing that it is about is not there. */
export async function unlessAbsent<T>(action: Promise<T>): Promise<T | null> {
  try {
    return await action;
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/** `ENOENT`, as the system names it; '' for what is no error of the system. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return unnamedCode(error)?.code ?? String(error.code);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const named = unnamedCode(error);
  return named ? error.message.replace(unnamedWords, `${named.code}: ${named.words}`) : error.message;
}

// Node has no names for what a disk with quotas and a network file system may answer, and two ways to say so.
const unnamedWords = /^(UNKNOWN: unknown error|Unknown system error -\d+: Unknown system error -\d+)/;
// Not from Node's os module: no other part of a plain start needs that.
const [EDQUOT, ESTALE] = process.platform === 'darwin' ? [69, 70] : [122, 116];
const unnamed = new Map<unknown, { readonly code: string; readonly words: string }>([
  [-EDQUOT, { code: 'EDQUOT', words: 'disk quota exceeded' }],
  [-ESTALE, { code: 'ESTALE', words: 'stale file handle' }],
]);

function unnamedCode(error: Error): { readonly code: string; readonly words: string } | undefined {
  return 'errno' in error ? unnamed.get(error.errno) : undefined;
}
