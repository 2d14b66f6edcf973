import { randomInt } from 'node:crypto';
import type { Nanoseconds } from '../../core/entry.ts';
import { splitFirst } from '../../core/path.ts';
import { formatSeconds } from '../../core/seconds.ts';
import type { ObjectInfo } from './object.ts';
import type { SwiftOptions } from './options.ts';
import type { Target } from './target.ts';

/** Where segments live with `use_segments_container = false` (rclone 1.67 and later). */
export const segmentsFolder = '.file-segments';

/** The container that holds the segments of another's large objects. */
export function segmentsContainer(container: string): string {
  return `${container}_segments`;
}

/** Where the segments of one upload go: rclone's layout, `<container>_segments/<name>/<time>/<size>`.
 *  `<size>` is -1 for a stream. The clock has steps of a microsecond: what `<time>` has behind that is drawn, so that uploads
 *  of one file from two machines never share a folder. */
export function segmentsPlace(
  { use_segments_container }: Pick<SwiftOptions, 'use_segments_container'>,
  { container, name }: Target,
  size: number | null,
  now: Nanoseconds,
): Target {
  const own = `${name}/${formatSeconds(now + BigInt(randomInt(1000)))}/${size ?? -1}`;
  return use_segments_container === false
    ? { container, name: `${segmentsFolder}/${own}` }
    : { container: segmentsContainer(container), name: own };
}

export function segmentTarget({ container, name }: Target, index: number): Target {
  return { container, name: `${name}/${String(index).padStart(8, '0')}` };
}

/** True for a segment, or a prefix of segments, that can belong to no other object than `of`: it lies below that object's name
 *  in a place for segments, where rclone, swift and the Allas tools put them. A manifest may name any objects: those that
 *  lie elsewhere may be files of their own, or belong to another manifest, too. */
export function isOwnSegment(segment: Target, of: Target): boolean {
  const below = (prefix: string): boolean => segment.name.length > prefix.length && segment.name.startsWith(prefix);
  if (segment.container === segmentsContainer(of.container)) return below(`${of.name}/`);
  return segment.container === of.container && below(`${segmentsFolder}/${of.name}/`);
}

/** `container/name` or `/container/name`, decoded already. */
export function parseTarget(text: string): Target {
  const [container, name] = splitFirst(text.replace(/^\//, ''));
  return { container, name };
}

/** What the names of a dynamic large object's segments begin with. */
export function dynamicFolder({ headers }: Pick<ObjectInfo, 'headers'>): Target {
  const text = headers['x-object-manifest'] ?? '';
  try {
    return parseTarget(decodeURIComponent(text));
  } catch {
    return parseTarget(text);
  }
}

/** How many bytes a dynamic large object was made of, by rclone's name for the folder of its segments; null where that does
 *  not say. */
export function dynamicSize(info: Pick<ObjectInfo, 'headers'>): number | null {
  const [, size] = /\/\d+\.\d+\/(\d{1,15})\/?$/.exec(dynamicFolder(info).name) ?? [];
  return size === undefined ? null : Number(size);
}
