import { Failure } from '../../core/failure.ts';
import type { Location } from '../../core/remote.ts';
import { isTop } from '../../transfer/place.ts';
import { isFolder } from '../../transfer/touch.ts';
import type { CommandContext } from '../command.ts';
import { optionalText } from '../flags.ts';
import { openFilePath, openFolder, type Target } from '../source.ts';

/** Where what comes out goes. */
export type Place =
  | { readonly kind: 'folder'; readonly folder: Location }
  | { readonly kind: 'file'; readonly parent: Location; readonly name: string };

export const output = optionalText('Where it goes: a folder, a remote, or for one file its name', {
  short: 'o',
  placeholder: 'place',
});

/** What `-o` means: for one file a folder that is there, or ends in a slash, else the file's new name; for all else a
 *  folder. Throws Failure('usage') for standard output, and where a file stands in the way of a folder. */
export async function openPlace(context: CommandContext, spec: string, targets: readonly Target[]): Promise<Place> {
  if (spec === '-')
    throw new Failure('usage', 'for standard output there is `coffer crypt4gh`; a file of that name is ./-');
  const isOneFile = targets.length === 1 && targets[0]?.file !== null;
  if (!isOneFile) return { kind: 'folder', folder: await openFolder(context, spec) };
  const location = await context.location(spec);
  if (spec.endsWith('/') || isTop(location) || (await isFolder(context.session, location))) {
    return { kind: 'folder', folder: location };
  }
  const { parent, name } = await openFilePath(context, spec);
  if (name === '.' || name === '..') throw new Failure('usage', `${spec}: give the name of a file`);
  return { kind: 'file', parent, name };
}
