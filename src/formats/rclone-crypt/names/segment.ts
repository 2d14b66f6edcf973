/** Seals and opens one segment of a path, never an empty one. */
export interface SegmentCodec {
  /** Throws Failure('too-large') for a name that cannot be sealed. */
  seal(name: string): string;
  /** Null where `sealed` does not open with these keys. */
  open(sealed: string): string | null;
}
