const oddities: readonly unknown[] = [
  null,
  -1.5,
  1e300,
  1e-300,
  '',
  'x\u001b[2J\n',
  [],
  {},
  [null],
  { toString: 1, valueOf: 1 },
];

/** The document in JSON, with each of its parts in turn replaced by something else, or left out. */
export function* oddVariants(value: unknown): Generator<unknown> {
  for (const odd of oddities) yield odd;
  if (Array.isArray(value)) {
    for (const odd of oddities) yield [odd, ...value];
    for (const [index, item] of value.entries())
      for (const variant of oddVariants(item)) yield value.with(index, variant);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      const { [name]: _, ...others } = value as Record<string, unknown>;
      yield others;
      for (const variant of oddVariants(item)) yield { ...others, [name]: variant };
    }
  }
}
