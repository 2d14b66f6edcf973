import { Failure } from '../core/failure.ts';
import { isObject } from '../core/json.ts';

/** Reads the fields of a JSON object that a stranger wrote. Each throws Failure('corrupt') naming the field, never its
 *  content, when it is not of its type or over its limit. */
export interface JsonReader {
  /** A whole number from 1 to `largest`. */
  integer(field: string, largest: number): number;
  /** Text of at most `longest` UTF-16 units. */
  text(field: string, longest: number): string;
  textOrNull(field: string, longest: number): string | null;
  /** 32 bytes in base64. */
  key(field: string): Uint8Array;
  object(field: string): JsonReader;
  /** Objects, at most `most`. */
  list(field: string, most: number): readonly JsonReader[];
  /** An object whose values are all texts. */
  texts(field: string, most: number, longest: number): ReadonlyMap<string, string>;
}

const keySize = 32;

/** `where` is what messages call the object. */
export function createReader(value: unknown, where: string): JsonReader {
  const fields = fieldsOf(value, where);
  const fail = (field: string, what: string): never => {
    throw new Failure('corrupt', `the share is damaged: ${where}.${field} is not ${what}`);
  };
  const text = (field: string, longest: number): string => {
    const found = fields.get(field);
    return typeof found === 'string' && found.length <= longest
      ? found
      : fail(field, `text of up to ${longest} characters`);
  };
  return {
    text,
    textOrNull: (field, longest) => (fields.get(field) === null ? null : text(field, longest)),
    integer(field, largest) {
      const found = fields.get(field);
      const isRight = Number.isSafeInteger(found) && (found as number) >= 1 && (found as number) <= largest;
      return isRight ? (found as number) : fail(field, `a whole number from 1 to ${largest}`);
    },
    key(field) {
      const key = Buffer.from(text(field, 2 * keySize), 'base64');
      return key.length === keySize ? new Uint8Array(key) : fail(field, 'a key');
    },
    object: (field) => createReader(fields.get(field), `${where}.${field}`),
    list(field, most) {
      const found = fields.get(field);
      if (!Array.isArray(found) || found.length > most) return fail(field, `a list of up to ${most}`);
      return found.map((item, index) => createReader(item, `${where}.${field}[${index}]`));
    },
    texts(field, most, longest) {
      const found = [...fieldsOf(fields.get(field), `${where}.${field}`)];
      const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= longest;
      const texts = found.flatMap(([name, value]) => (isText(value) ? [[name, value] as const] : []));
      const isRight = texts.length === found.length && found.length <= most;
      return isRight ? new Map(texts) : fail(field, `up to ${most} texts of up to ${longest} characters`);
    },
  };
}

function fieldsOf(value: unknown, where: string): ReadonlyMap<string, unknown> {
  if (!isObject(value)) throw new Failure('corrupt', `the share is damaged: ${where} is not an object`);
  return new Map(Object.entries(value));
}
