import { Failure } from '../core/failure.ts';
import { type HashType, hashTypes } from '../core/hash.ts';

/** The hash that a user names: `md5`, `SHA1`, `SHA-256`. Throws Failure('usage'). */
export function parseHashType(name: string): HashType {
  const wanted = name.toLowerCase().replace('-', '');
  const type = hashTypes.find((candidate) => candidate === wanted);
  if (!type) throw new Failure('usage', `unknown hash type "${name}": the types are ${hashTypes.join(', ')}`);
  return type;
}

/** What `hashsum` prints without a hash. */
export function hashTypeList(): string {
  return `Supported hashes are:\n${hashTypes.map((type) => `  * ${type}\n`).join('')}`;
}
