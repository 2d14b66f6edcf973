import { Failure } from '../../core/failure.ts';

/** The items of a list in JSON, as a store, or something between it and us, has sent it.
 *  Throws Failure('transient') for any other text. */
export function parseList<T>(text: string, path: string, isItem: (value: unknown) => value is T): readonly T[] {
  const list = parseJson(text);
  if (Array.isArray(list) && list.every(isItem)) return list;
  throw new Failure('transient', `${path}: the store sent a list that cannot be read`, { path });
}

/** The object in JSON; null for any other text. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  const value = parseJson(text);
  return isObject(value) ? value : null;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that stands there, an empty one for anything else. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** The objects of a list; what else it holds is passed over. */
export function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The text that stands there; '' for anything else. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function isOptional(value: unknown, type: 'string' | 'number'): boolean {
  return value === undefined || typeof value === type;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
