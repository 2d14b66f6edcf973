import type { TestProject } from 'vitest/node';
import { type LabAccess, startLab } from './lab.ts';
import type { Server } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The servers of this run: `inject('lab')`. Shared by all test files, so each works in buckets of its own. */
    lab: LabAccess;
  }
}

// Two vitest projects ask for the lab; their setups are loaded apart but run in one process.
const shared = globalThis as { cofferLab?: Promise<Server<LabAccess>> };

/** vitest's globalSetup of the projects whose tests talk to servers. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.cofferLab ??= startLab();
  const lab = await shared.cofferLab;
  project.provide('lab', lab.access);
  return async () => lab[Symbol.asyncDispose]();
}
