import { afterAll, beforeAll, describe } from 'vitest';
import type { Location } from '../../src/core/remote.ts';
import { attributeSuite } from './remote/attributes.ts';
import { type Bench, createBench } from './remote/bench.ts';
import { contentSuite } from './remote/content.ts';
import { failureSuite } from './remote/failures.ts';
import { folderSuite } from './remote/folders.ts';
import { nameSuite } from './remote/names.ts';
import { optionalSuite } from './remote/optional.ts';

export interface RemoteContract {
  /** Small files in the listing test; fewer for a store that is slow to write to. */
  readonly manyFiles?: number;
  /** Names that this store, by its own documented rules, refuses: `write` must fail with a Failure, not mangle them. */
  readonly refusedNames?: readonly string[];
}

/** What every Remote keeps to, bare or as a layer over another. `open` gives a folder of the store that may not exist
 *  yet and that no one else uses; `done` takes it down. */
export function remoteContract(
  name: string,
  open: () => Promise<{ location: Location; done?(): Promise<void> }>,
  contract: RemoteContract = {},
): void {
  describe(`${name} as a remote`, () => {
    let opened: { location: Location; done?(): Promise<void> };
    let current: Bench;

    beforeAll(async () => {
      opened = await open();
      current = createBench(opened.location);
    });
    afterAll(() => opened?.done?.());

    const bench = () => current;
    contentSuite(bench);
    nameSuite(bench, contract.refusedNames ?? []);
    folderSuite(bench, contract.manyFiles ?? 1500);
    failureSuite(bench);
    optionalSuite(bench);
    attributeSuite(bench);
  });
}
