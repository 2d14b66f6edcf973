import { Failure } from '../../core/failure.ts';
import { bytesToName, nameToBytes } from '../../core/name-bytes.ts';

/** Key and value, in their order: GNU's sparse map repeats a key. */
export type Records = readonly (readonly [key: string, value: string])[];

// Two for each of a million stretches of a sparse file, and some. Four bytes make one that says nothing.
const mostRecords = 2_000_100;

/** The records of a pax header: `27 path=…\n`, the length in bytes with itself. Throws Failure('corrupt'). */
export function parseRecords(bytes: Uint8Array): Records {
  const records: [string, string][] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const space = bytes.indexOf(0x20, offset);
    const length = Number(Buffer.from(bytes.subarray(offset, Math.max(offset, space))).toString('latin1'));
    const end = offset + length;
    const equals = bytes.indexOf(0x3d, space);
    const isWhole = space > offset && Number.isInteger(length) && equals > space && equals < end && end <= bytes.length;
    if (!isWhole || bytes[end - 1] !== 0x0a || records.length === mostRecords)
      throw new Failure('corrupt', 'a pax header in the archive is broken');
    records.push([bytesToName(bytes.subarray(space + 1, equals)), bytesToName(bytes.subarray(equals + 1, end - 1))]);
    offset = end;
  }
  return records;
}

export function formatRecords(records: Records): Uint8Array {
  return Buffer.concat(records.map(([key, value]) => formatRecord(key, value)));
}

function formatRecord(key: string, value: string): Uint8Array {
  const body = nameToBytes(` ${key}=${value}\n`);
  let length = body.length;
  // The length counts its own digits.
  while (length !== body.length + String(length).length) length = body.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}
