/** `count` blocks from `block` on that lie in as many slots from `slot` on. */
export interface Run {
  readonly block: number;
  readonly slot: number;
  readonly count: number;
}

/** Which block of a file lies in which slot of its cache file. A slot that the record on disk names is never written
 *  again until a later record stands: so whatever instruction the process dies at, the record's blocks are whole. */
export interface SlotMap {
  get(block: number): number | undefined;
  /** Slots for `count` blocks, beside each other where none is free. */
  take(count: number): number[];
  /** Blocks now lie in these slots; what they lay in before is let go. */
  place(block: number, slot: number): void;
  /** A taken slot in which nothing was placed. */
  putBack(slot: number): void;
  /** Forgets the block. */
  drop(block: number): void;
  /** Forgets all blocks from this one on. */
  dropFrom(block: number): void;
  /** What a record is to say. `stands` is to be called once it does: slots that it does not name are free then. */
  snapshot(): { readonly runs: readonly Run[]; stands(): void };
  /** Whether there is a free slot behind the last one that is not. */
  hasFreeEnd(): boolean;
  /** Gives those up; the file may end at `slotCount` at this moment. */
  trim(): void;
  slotCount(): number;
  isEmpty(): boolean;
  /** Whether any is taken that the last snapshot does not name. */
  hasFresh(): boolean;
}

export function createSlotMap(runs: readonly Run[]): SlotMap {
  const slots = new Map<number, number>();
  // No record names them.
  const fresh = new Set<number>();
  let free: number[] = [];
  // Let go, but perhaps named by the record that stands.
  const retired: number[] = [];
  let next = 0;
  for (const { block, slot, count } of runs) {
    for (let i = 0; i < count; i++) slots.set(block + i, slot + i);
    next = Math.max(next, slot + count);
  }
  if (runs.length > 0) {
    const used = new Set(slots.values());
    for (let slot = 0; slot < next; slot++) if (!used.has(slot)) free.push(slot);
  }

  function letGo(slot: number): void {
    if (fresh.delete(slot)) free.push(slot);
    else retired.push(slot);
  }

  function drop(block: number): void {
    const slot = slots.get(block);
    if (slot === undefined) return;
    slots.delete(block);
    letGo(slot);
  }

  return {
    get: (block) => slots.get(block),
    take(count) {
      const taken = Array.from({ length: count }, () => free.pop() ?? next++);
      for (const slot of taken) fresh.add(slot);
      return taken;
    },
    place(block, slot) {
      drop(block);
      slots.set(block, slot);
    },
    putBack: letGo,
    drop,
    dropFrom(first) {
      for (const block of [...slots.keys()]) if (block >= first) drop(block);
    },
    snapshot() {
      const count = retired.length;
      // What is being written now has no block yet, and no name in this record.
      for (const slot of slots.values()) fresh.delete(slot);
      return { runs: runsOf(slots), stands: () => void free.push(...retired.splice(0, count)) };
    },
    hasFreeEnd: () => free.includes(next - 1),
    trim() {
      const unused = new Set(free);
      while (unused.delete(next - 1)) next--;
      if (unused.size < free.length) free = [...unused];
    },
    slotCount: () => next,
    isEmpty: () => slots.size === 0,
    hasFresh: () => fresh.size > 0,
  };
}

function runsOf(slots: ReadonlyMap<number, number>): Run[] {
  const runs: { block: number; slot: number; count: number }[] = [];
  for (const [block, slot] of [...slots].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last && last.block + last.count === block && last.slot + last.count === slot) last.count++;
    else runs.push({ block, slot, count: 1 });
  }
  return runs;
}
