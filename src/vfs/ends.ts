/** Where reads on their own ended lately: whoever reads on from there reads through. */
export interface Ends {
  add(end: number): void;
  has(end: number): boolean;
  /** Whether it was there. */
  delete(end: number): boolean;
}

const mostEnds = 64;

export function createEnds(): Ends {
  const ends = new Set<number>();
  return {
    add(end) {
      ends.add(end);
      const [oldest] = ends;
      if (ends.size > mostEnds && oldest !== undefined) ends.delete(oldest);
    },
    has: (end) => ends.has(end),
    delete: (end) => ends.delete(end),
  };
}
