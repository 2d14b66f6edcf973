import { baseName } from '../../core/path.ts';

/** The name of a file in the base, without what stands behind it; null where it has no such suffix. */
export function openName(sealed: string, suffix: string): string | null {
  return sealed.endsWith(suffix) && baseName(sealed) !== suffix ? sealed.slice(0, sealed.length - suffix.length) : null;
}
