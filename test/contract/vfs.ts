import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { joinPath } from '../../src/core/path.ts';
import type { Location } from '../../src/core/remote.ts';
import { attributeSuite } from './vfs/attributes.ts';
import { type Bench, type BenchOptions, createBench } from './vfs/bench.ts';
import { fileSuite } from './vfs/files.ts';
import { folderSuite } from './vfs/folders.ts';
import { keptSuite } from './vfs/kept.ts';
import { modelSuite } from './vfs/model.ts';
import { renameSuite } from './vfs/renames.ts';

export interface VfsContract extends Pick<BenchOptions, 'store'> {
  /** Operations of each random run; fewer for a store that is slow. */
  readonly operations?: number;
}

/** What a Vfs keeps to over any remote and any store of content. `open` gives a folder that may not exist yet and that no
 *  one else uses; `done` takes it down. */
export function vfsContract(
  name: string,
  open: () => Promise<{ location: Location; done?(): Promise<void> }>,
  contract: VfsContract = {},
): void {
  describe(`a Vfs over ${name}`, () => {
    let opened: { location: Location; done?(): Promise<void> };
    let benches: Bench[] = [];
    let folders = 0;
    let attributeRoom = 0;

    beforeAll(async () => {
      opened = await open();
      const { remote, path } = opened.location;
      attributeRoom = (await remote.attributeRoom?.(path)) ?? 0;
    });
    afterEach(async () => {
      for (const { vfs } of benches) await vfs[Symbol.asyncDispose]();
      benches = [];
    });
    afterAll(() => opened?.done?.());

    function newBench(options: BenchOptions = {}): Bench {
      const { remote, path } = opened.location;
      const bench = createBench({ remote, path: joinPath(path, `test-${folders++}`) }, { ...contract, ...options });
      benches.push(bench);
      return bench;
    }
    fileSuite(newBench);
    folderSuite(newBench);
    renameSuite(newBench);
    attributeSuite(newBench);
    const again = (first: Bench, options: BenchOptions): Bench => {
      const bench = createBench({ remote: first.remote, path: first.rootPath }, { ...contract, ...options });
      benches.push(bench);
      return bench;
    };
    keptSuite(newBench, () => attributeRoom, again);
    modelSuite(newBench, contract.operations ?? 400);
  });
}
