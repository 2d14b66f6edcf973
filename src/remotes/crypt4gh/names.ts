/** The name of a file in the base, without what stands behind it; null where it has no such suffix, or nothing else. */
export function openName(sealed: string, suffix: string): string | null {
  const length = sealed.length - suffix.length;
  const hasMore = length > 0 && sealed[length - 1] !== '/';
  return hasMore && sealed.endsWith(suffix) ? sealed.slice(0, length) : null;
}
