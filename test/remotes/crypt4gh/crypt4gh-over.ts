import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { OpenEnvironment } from '../../../src/core/backend.ts';
import type { Location, Remote } from '../../../src/core/remote.ts';
import { type Report, silentReport } from '../../../src/core/report.ts';
import { type KeyPair, newKeyPair } from '../../../src/crypto/x25519.ts';
import { formatPublicKey, formatSecretKey } from '../../../src/formats/crypt4gh/key-file.ts';
import { backend } from '../../../src/remotes/crypt4gh/crypt4gh.ts';
import { type Crypt4ghOptions, options } from '../../../src/remotes/crypt4gh/options.ts';

/** Somebody with a key pair in files. */
export interface Person extends KeyPair {
  readonly secretFile: string;
  readonly publicFile: string;
}

/** People whose key files go when the file's tests have ended; with a passphrase where one is given. */
export function createPeople(): (name: string, passphrase?: string) => Promise<Person> {
  const folder = mkdtempSync(join(tmpdir(), 'coffer-crypt4gh-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return async (name, passphrase) => {
    const pair = newKeyPair();
    const [secretFile, publicFile] = [join(folder, name), join(folder, `${name}.pub`)];
    writeFileSync(secretFile, await formatSecretKey(pair, passphrase ?? null, ''), { mode: 0o400 });
    writeFileSync(publicFile, formatPublicKey(pair.public));
    return { ...pair, secretFile, publicFile };
  };
}

/** Every option at its default. */
const defaults = Object.fromEntries(
  Object.entries(options).map(([name, spec]) => [name, spec.parse(spec.default)]),
) as unknown as Crypt4ghOptions;

export type Surroundings = Partial<Pick<OpenEnvironment, 'report' | 'environment' | 'prompt'>>;

/** A Crypt4GH remote named `sealed` over `base`, opened as the config would open it. */
export async function crypt4ghOver(
  base: Location,
  own: Partial<Crypt4ghOptions>,
  surroundings: Surroundings = {},
): Promise<Remote> {
  const environment: OpenEnvironment = {
    name: 'sealed',
    location: async () => base,
    report: silentReport,
    environment: {},
    settings: {} as OpenEnvironment['settings'],
    ...surroundings,
  };
  const { remote } = await backend.open({ ...defaults, remote: 'base:', ...own }, environment);
  return remote;
}

/** The options of somebody who writes for all of these people and reads as the first. */
export function keysOf(...people: readonly Person[]): Partial<Crypt4ghOptions> {
  return {
    recipients: people.map(({ publicFile }) => publicFile).join(', '),
    secret_key: people[0]?.secretFile ?? '',
  };
}

/** A report that keeps its notices, each behind its subject. */
export function noticesOf(): { readonly report: Report; readonly notices: string[] } {
  const notices: string[] = [];
  const notice = (subject: string, message: string): void => void notices.push(`${subject}: ${message}`);
  return { report: { ...silentReport, notice }, notices };
}
