import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePaths, sortByPath } from '../../src/core/path.ts';

const units = ['a', 'b', '/', '~', 'é', '\ud7ff', '\udc80', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'];
const paths = fc.array(fc.array(fc.constantFrom(...units), { maxLength: 4 }).map((parts) => parts.join('')));

test('paths are sorted by code point, whatever stands in them', () => {
  fc.assert(
    fc.property(paths, (given) => {
      const sorted = sortByPath(given.map((path) => ({ path }))).map(({ path }) => path);
      expect(sorted).toEqual(given.toSorted(comparePaths));
      const valid = sorted.filter((path) => path.isWellFormed());
      expect(valid).toEqual(valid.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});
