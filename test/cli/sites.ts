import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type KeyPair, newKeyPair } from '../../src/crypto/x25519.ts';
import { formatPublicKey, formatSecretKey } from '../../src/formats/crypt4gh/key-file.ts';
import { programPath } from '../program.ts';
import { requirePeer } from '../servers/peers.ts';
import { configText, type Section } from '../servers/remotes.ts';
import { type Result, type RunOptions, run } from '../servers/run.ts';

/** One of several sites: a home folder with a key of its own and its own rclone.conf. */
export interface Site {
  readonly home: string;
  readonly config: string;
  readonly key: KeyPair;
  /** The file of its public key, called after the site. */
  readonly publicKey: string;
  coffer(args: readonly string[], options?: RunOptions): Promise<Result>;
  rclone(args: readonly string[], options?: RunOptions): Promise<Result>;
}

/** Makes sites below one folder, which goes when the file's tests have ended. */
export function createSites(name: string): {
  readonly folder: string;
  path(name: string): string;
  site(name: string, sections?: Readonly<Record<string, Section>>): Promise<Site>;
} {
  requirePeer('rclone');
  const folder = mkdtempSync(join(tmpdir(), `coffer-sites-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    path: (path) => join(folder, path),
    async site(site, sections = {}) {
      const home = mkdtempSync(join(folder, `${site}-`));
      const config = join(home, 'rclone.conf');
      const publicKey = join(home, `${site}.pub`);
      const key = newKeyPair();
      mkdirSync(join(home, '.c4gh'));
      writeFileSync(join(home, '.c4gh', 'key'), await formatSecretKey(key, null, ''), { mode: 0o400 });
      writeFileSync(publicKey, formatPublicKey(key.public));
      writeFileSync(config, configText(sections));
      const at = ({ env, ...options }: RunOptions = {}): RunOptions => ({
        cwd: folder,
        ...options,
        env: { HOME: home, RCLONE_CONFIG: config, ...env },
      });
      return {
        home,
        config,
        key,
        publicKey,
        coffer: (args, options) => run(process.execPath, [programPath, ...args], at(options)),
        rclone: (args, options) => run('rclone', args, at(options)),
      };
    },
  };
}
