import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { requirePeer } from '../servers/peers.ts';
import { type RunOptions, run } from '../servers/run.ts';

/** Marks of the syntax of rclone.conf, and white space. */
export const marks = [
  '"',
  '`',
  '"""',
  "'",
  '=',
  ':',
  '#',
  ';',
  '[',
  ']',
  '-',
  '%',
  '\\',
  ' ',
  '\t',
  '\r',
  '\u00a0',
] as const;

/** A folder of its own for a test file; it goes when the tests end. */
export function testFolder(name: string): string {
  requirePeer('rclone');
  const folder = mkdtempSync(join(tmpdir(), `coffer-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeConfig(folder: string, data: string | Uint8Array, name = 'rclone.conf'): string {
  const path = join(folder, name);
  writeFileSync(path, data);
  return path;
}

/** `rclone config dump` of a file; null when rclone refuses to read it. */
export async function rcloneDump(path: string, options: RunOptions = {}): Promise<unknown> {
  const { code, stdout } = await run('rclone', ['config', 'dump', '--config', path], options);
  return code === 0 ? JSON.parse(stdout) : null;
}

/** What was reported, `level subject: message`. */
export function recordingReport(): Report & { readonly lines: string[] } {
  const lines: string[] = [];
  const record = (level: string) => (subject: string, message: string) =>
    void lines.push(`${level} ${subject}: ${message}`);
  return { lines, error: record('error'), notice: record('notice'), info: record('info'), debug: record('debug') };
}
