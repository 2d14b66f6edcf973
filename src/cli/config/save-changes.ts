import type { ConfigFile } from '../../config/config-file.ts';
import { Failure } from '../../core/failure.ts';
import type { Values } from './asked-options.ts';

/** Saves those of a remote's values that differ from `saved`, which the config said of it before; null for a new remote.
 *  Throws Failure where another process has removed or made it meanwhile. */
export async function saveChanges(file: ConfigFile, name: string, saved: Values | null, values: Values): Promise<void> {
  const changed = new Map([...values].filter(([option, value]) => saved?.get(option) !== value));
  await file.update((draft) => {
    const isThere = draft.section(name) !== undefined;
    if (saved && !isThere) throw new Failure('usage', `remote "${name}" was removed meanwhile: nothing was saved`);
    if (!saved && isThere) throw new Failure('exists', `remote "${name}" was made meanwhile: nothing was saved`);
    draft.set(name, changed);
  });
}
