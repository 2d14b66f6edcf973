import { Failure } from '../../core/failure.ts';
import { parseJson } from '../../core/json.ts';

/** The items of a list in JSON, as a store, or something between it and us, has sent it.
 *  Throws Failure('transient') for any other text. */
export function parseList<T>(text: string, path: string, isItem: (value: unknown) => value is T): readonly T[] {
  const list = parseJson(text);
  if (Array.isArray(list) && list.every(isItem)) return list;
  throw new Failure('transient', `${path}: the store sent a list that cannot be read`, { path });
}
