import { Failure } from '../core/failure.ts';

/** A remote as a stack sees it. */
export interface Layer {
  /** Equal for the same remote. */
  readonly identity: string;
  readonly type: string;
  /** For messages: without secrets. */
  readonly label: string;
}

/** Which remote stands on which. */
export interface Stacks {
  /** To be told before the base is waited for, so that no two remotes ever wait for each other.
   *  Throws Failure('usage') when `base` stands on `layer` already. */
  put(layer: Layer, base: Layer): void;
}

export function createStacks(): Stacks {
  const bases = new Map<string, Map<string, Layer>>();

  /** The layers from `from` down to `to`; null when `from` does not stand on it. */
  function descend(from: Layer, to: Layer): readonly Layer[] | null {
    if (from.identity === to.identity) return [from];
    for (const base of bases.get(from.identity)?.values() ?? []) {
      const rest = descend(base, to);
      if (rest) return [from, ...rest];
    }
    return null;
  }

  return {
    put(layer, base) {
      const circle = descend(base, layer);
      if (circle) {
        const labels = [...circle, base].map(({ label }) => label).join(' → ');
        throw new Failure('usage', `${base.type} remote "${base.label}" wraps itself: ${labels}`);
      }
      const known = bases.get(layer.identity) ?? new Map<string, Layer>();
      bases.set(layer.identity, known.set(base.identity, base));
    },
  };
}
