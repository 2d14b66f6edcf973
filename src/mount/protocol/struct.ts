import { viewOf } from '../../core/bytes.ts';

/** A value of fixed size in a message. Numbers stand in the machine's order, which is little-endian wherever Node and
 *  FUSE meet. */
export interface Field<T> {
  /** Bytes. */
  readonly size: number;
  read(view: DataView, offset: number): T;
  write(view: DataView, offset: number, value: T): void;
}

// biome-ignore lint/suspicious/noExplicitAny: the value type of a heterogeneous record, narrowed again by StructValue
type Fields = Readonly<Record<string, Field<any>>>;
type StructValue<F extends Fields> = {
  readonly [K in keyof F as F[K] extends Gap ? never : K]: F[K] extends Field<infer V> ? V : never;
};

/** A C struct: its fields one after the other. The kernel's have no gaps but those that they name. */
export interface Struct<V> extends Field<V> {
  /** Throws RangeError where `bytes` are too few. */
  decode(bytes: Uint8Array): V;
  encode(value: V): Uint8Array;
}

/** What a struct only names to fill a gap: it is no part of its value. */
interface Gap extends Field<undefined> {
  readonly isGap: true;
}

export const u16: Field<number> = {
  size: 2,
  read: (view, offset) => view.getUint16(offset, true),
  write: (view, offset, value) => view.setUint16(offset, value, true),
};

export const u32: Field<number> = {
  size: 4,
  read: (view, offset) => view.getUint32(offset, true),
  write: (view, offset, value) => view.setUint32(offset, value, true),
};

export const i32: Field<number> = {
  size: 4,
  read: (view, offset) => view.getInt32(offset, true),
  write: (view, offset, value) => view.setInt32(offset, value, true),
};

const high = 2 ** 32;

/** An offset, a size, a number of a node or a request: exact below 2^53, which no such value reaches here. */
export const u64: Field<number> = {
  size: 8,
  read: (view, offset) => view.getUint32(offset + 4, true) * high + view.getUint32(offset, true),
  write(view, offset, value) {
    view.setUint32(offset, value % high, true);
    view.setUint32(offset + 4, Math.floor(value / high), true);
  },
};

/** Seconds before or after 1970, and what may be -1. */
export const i64: Field<bigint> = {
  size: 8,
  read: (view, offset) => view.getBigInt64(offset, true),
  write: (view, offset, value) => view.setBigInt64(offset, value, true),
};

/** Bytes without a meaning, zero when written. */
export function gap(size: number): Gap {
  return { size, isGap: true, read: () => undefined, write() {} };
}

export function struct<F extends Fields>(fields: F): Struct<StructValue<F>> {
  const members: { readonly name: string; readonly field: Field<unknown>; readonly offset: number }[] = [];
  let size = 0;
  for (const [name, field] of Object.entries(fields)) {
    if (!('isGap' in field)) members.push({ name, field, offset: size });
    size += field.size;
  }
  const read = (view: DataView, offset: number): StructValue<F> => {
    const value: Record<string, unknown> = {};
    for (const member of members) value[member.name] = member.field.read(view, offset + member.offset);
    return value as StructValue<F>;
  };
  const write = (view: DataView, offset: number, value: StructValue<F>): void => {
    const values: Readonly<Record<string, unknown>> = value;
    for (const member of members) member.field.write(view, offset + member.offset, values[member.name]);
  };
  return {
    size,
    read,
    write,
    decode: (bytes) => read(viewOf(bytes), 0),
    encode(value) {
      const bytes = new Uint8Array(size);
      write(viewOf(bytes), 0, value);
      return bytes;
    },
  };
}
