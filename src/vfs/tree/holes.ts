import { Failure } from '../../core/failure.ts';
import { formatByteUnit } from '../../core/size.ts';
import type { Tree } from './tree.ts';
import { usageOf } from './usage.ts';

// Bytes. Programs make shorter ones before they fill them.
const longHole = 2 ** 30;
// What every store takes: Swift's large objects have 1000 segments of 5 GiB.
const mostBytes = 1000 * 5 * 2 ** 30;

/** Whether a file of `size` bytes that is to reach up to `end` gets a hole of which no remote should hear unasked: it costs
 *  nothing here, but is sent as zeros. */
export function isLongHole(size: number, end: number): boolean {
  return end - size > longHole;
}

/** Throws Failure('full') where a file of `size` bytes has no room on the remote, 'too-large' where the remote does not say
 *  how much room there is, and no store might take it. */
export async function requireRoom(tree: Tree, name: string, size: number): Promise<void> {
  const usage = await usageOf(tree);
  if (size <= (usage ? usage.free : mostBytes)) return;
  const said = `${name}: ${formatByteUnit(size)}, which are sent as zeros where nothing is written,`;
  const details = { path: name };
  if (usage) {
    throw new Failure('full', `${said} do not fit: ${formatByteUnit(usage.free)} are free on the remote`, details);
  }
  throw new Failure('too-large', `${said} are more than a store takes (${formatByteUnit(mostBytes)})`, details);
}
