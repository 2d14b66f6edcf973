import type { Attributes, Node } from '../../vfs/vfs.ts';
import { attrOf } from '../protocol/attributes.ts';

/** What fuse-native's compiled part makes a `struct stat` of: numbers of 32 bits, long ones as two of them. Times are in
 *  milliseconds, and none is before 1970. */
export function statArray(node: Node, attributes: Attributes): Uint32Array {
  const { mode, uid, gid, size, nlink, ino, blksize, blocks } = attrOf(node, attributes);
  const times = [attributes.accessed, attributes.modified, attributes.changed];
  return Uint32Array.of(
    ...[mode, uid, gid, ...halves(size)],
    ...[0, nlink, ino, 0, blksize, ...halves(blocks)],
    ...times.flatMap((time) => halves(time > 0n ? Number(time / 1_000_000n) : 0)),
  );
}

function halves(value: number): readonly [low: number, high: number] {
  return [value % 2 ** 32, Math.floor(value / 2 ** 32)];
}
