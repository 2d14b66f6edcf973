import { tmpdir } from 'node:os';
import { defineConfig } from 'vitest/config';
import { makeScratch } from './test/scratch.ts';

// What tests, and the programs that they start, leave in the folder for temporary files goes with the run. This file is loaded
// for each project.
const shared = globalThis as { cofferTemporary?: string };
shared.cofferTemporary ??= makeScratch(tmpdir());
process.env.TMPDIR = shared.cofferTemporary;

// What talks to servers, what runs the built program: only these pay for starting and building.
const stores = [
  'test/remotes/{swift,s3}/**/*.test.ts',
  'test/remotes/crypt4gh/stores.test.ts',
  'test/vfs/stores.test.ts',
  'test/servers/*.test.ts',
];
const programs = [
  'test/{cli,interop,faults,quickstart}/**/*.test.ts',
  'test/mount/{kept,large,posix,random,workloads}.test.ts',
  'test/{config-examples,launch}.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // A busy machine takes its time.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'units', include: ['test/**/*.test.ts'], exclude: [...stores, ...programs] },
      },
      {
        extends: true,
        test: { name: 'stores', include: stores, globalSetup: ['test/servers/setup.ts'] },
      },
      {
        extends: true,
        test: { name: 'programs', include: programs, globalSetup: ['test/servers/setup.ts', 'test/program.ts'] },
      },
    ],
  },
});
