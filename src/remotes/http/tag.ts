import { Failure, isAbsence } from '../../core/failure.ts';

/** Throws Failure('corrupt') for headers that describe no object: all stores tell a tag or a time. Else a page that asks for a
 *  login would pass for a file. */
export function requireObject(
  { etag, 'last-modified': modified }: Readonly<Record<string, string>>,
  path: string,
): void {
  if (etag !== undefined || modified !== undefined) return;
  throw new Failure(
    'corrupt',
    `${path}: the answer is not from the store: check for a proxy or a login page in between`,
    {
      path,
      retryable: true,
    },
  );
}

/** Throws Failure('changed') where an object is in another state than the one that was looked at; `expected` is undefined
 *  where none was. */
export function requireTag(tag: string | undefined, expected: string | undefined, path: string): void {
  if (expected === undefined || tag === expected) return;
  throw new Failure('changed', `${path}: was changed in the meantime`, { path });
}

/** The absence of what others may have removed while something was put there, as a failure that can be tried again; any other
 *  error as it is. */
export function goneMeanwhile(error: unknown): unknown {
  if (!isAbsence(error)) return error;
  return new Failure('transient', `${error.message}: was it removed meanwhile?`, { path: error.path, cause: error });
}
