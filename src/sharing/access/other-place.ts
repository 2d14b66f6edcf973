import { parseRemoteSpec } from '../../config/remote-spec.ts';
import { Failure } from '../../core/failure.ts';

/** How a remote of another project writes the place of a bucket that is not its own: `bob,storage_url='…':bucket`.
 *  Throws Failure('usage') where `remote` is more than a remote. */
export function otherPlace(remote: string, address: ReadonlyMap<string, string>, path: string): string {
  const spec = parseRemoteSpec(remote.includes(':') ? remote : `${remote}:`);
  if (spec.name === null || spec.path !== '') {
    throw new Failure('usage', `"${remote}": give only the name of a remote, as in bob:`);
  }
  const options = new Map([...spec.overrides, ...address]);
  const written = [...options].map(([key, value]) => `,${key}=${quoted(value)}`).join('');
  return `${spec.name}${written}:${path}`;
}

function quoted(value: string): string {
  return /^[\w.-]*$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}
