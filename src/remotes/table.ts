import type { Backend } from '../core/backend.ts';
import { Failure } from '../core/failure.ts';
import { didYouMean } from '../core/near-miss.ts';

// Imported when a remote of the type is opened: a command pays for what it uses.
const loaders = new Map<string, () => Promise<{ readonly backend: Backend }>>([
  ['alias', () => import('./alias.ts')],
  ['crypt', () => import('./crypt/crypt.ts')],
  ['crypt4gh', () => import('./crypt4gh/crypt4gh.ts')],
  ['local', () => import('./local/local.ts')],
  ['memory', () => import('./memory.ts')],
  ['s3', () => import('./s3/s3.ts')],
  ['swift', () => import('./swift/swift.ts')],
]);

/** Every `type` that a remote may have. */
export const backendTypes: readonly string[] = [...loaders.keys()];

/** Throws Failure('usage') for a type that is not in the table. */
export async function loadBackend(type: string): Promise<Backend> {
  const load = loaders.get(type);
  if (!load) {
    const advice = `${didYouMean(type, backendTypes)}the types are ${backendTypes.join(', ')}`;
    throw new Failure('usage', `didn't find backend called "${type}": ${advice}`);
  }
  return (await load()).backend;
}
