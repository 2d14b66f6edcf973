import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { requirePeer } from '../servers/peers.ts';
import { mustRun, type Result, run } from '../servers/run.ts';

/** The real gpg with a home of its own, and one password. */
export interface Gpg {
  /** Seals the file `from` by the password, as a-put does but for `options`. */
  seal(from: string, to: string, ...options: readonly string[]): Promise<void>;
  /** Opens `from`. Throws with what gpg says. */
  open(from: string, to: string): Promise<void>;
  run(...args: readonly string[]): Promise<Result>;
}

/** Ends, with its agent, when the file's tests have ended. */
export function createGpg(password: string): Gpg {
  requirePeer('packers');
  const home = mkdtempSync(join(tmpdir(), 'coffer-gpg-'));
  const env = { GNUPGHOME: home };
  const usual = ['--quiet', '--batch', '--yes', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', password];
  afterAll(async () => {
    await run('gpgconf', ['--kill', 'all'], { env });
    rmSync(home, { recursive: true, force: true });
  });
  return {
    async seal(from, to, ...options) {
      await mustRun('gpg', [...usual, '--symmetric', '--cipher-algo', 'AES256', ...options, '-o', to, from], { env });
    },
    async open(from, to) {
      await mustRun('gpg', [...usual, '-o', to, '-d', from], { env });
    },
    run: (...args) => run('gpg', [...usual, ...args], { env }),
  };
}
