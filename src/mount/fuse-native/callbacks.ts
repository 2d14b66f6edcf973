import { isFailure } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import { errno, errnoOf, tell } from '../errno.ts';
import { attributeOperations, ownerOperations } from './attributes.ts';
import { extendedOperations } from './extended.ts';
import { fileOperations } from './files.ts';
import type { Callbacks, Done } from './library.ts';
import { linkOperations } from './links.ts';
import { nameOperations } from './names.ts';
import type { Operation, Operations, Served } from './operation.ts';

/** Operations, and what a program sees of their failures. */
const groups: readonly (readonly [Operations, (error: unknown) => number])[] = [
  [nameOperations, (error) => errnoOf(error, 'folder')],
  // As symlink(2) says of a file system that has none.
  [linkOperations, (error) => (isFailure(error, 'unsupported') ? errno.EPERM : errnoOf(error, 'folder'))],
  [extendedOperations, (error) => (isFailure(error, 'not-found') ? errno.ENODATA : errnoOf(error, 'file'))],
  [fileOperations, (error) => errnoOf(error, 'file')],
  [attributeOperations, (error) => errnoOf(error, 'file')],
  // What Linux answers on its own file systems that keep none.
  [ownerOperations, (error) => (isFailure(error, 'unsupported') ? errno.EPERM : errnoOf(error, 'file'))],
];

/** What fuse-native calls. */
export function createCallbacks(served: Served, report: Report): Callbacks {
  const callback =
    (name: string, operation: Operation, errnoFor: (error: unknown) => number): Callbacks[string] =>
    (...given) => {
      const args = given.slice(0, -1) as never[];
      const done = given.at(-1) as Done;
      operation(served, ...args).then(
        (answer) => done(...answer),
        (error) => {
          tell(report, name, error);
          done(-errnoFor(error));
        },
      );
    };
  return Object.fromEntries(
    groups.flatMap(([operations, errnoFor]) =>
      Object.entries(operations).map(([name, operation]) => [name, callback(name, operation, errnoFor)]),
    ),
  );
}
