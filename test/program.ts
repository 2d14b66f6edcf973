import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The built program: `spawn(process.execPath, [programPath, ...])`. */
export const programPath = join(root, 'dist', 'coffer.js');

/** vitest's globalSetup of the projects that run the program: builds it once a run. */
export default function setup(): void {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
}
