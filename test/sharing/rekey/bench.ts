import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigFile, openConfigFile } from '../../../src/config/config-file.ts';
import { obscure, reveal } from '../../../src/config/obscure.ts';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import type { Location, Remote } from '../../../src/core/remote.ts';
import { silentReport } from '../../../src/core/report.ts';
import type { CryptOptions } from '../../../src/remotes/crypt/options.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { begin, fetchPrevious, openCandidate, type Surroundings } from '../../../src/sharing/rekey/begin.ts';
import { carryOut } from '../../../src/sharing/rekey/carry-out.ts';
import { requireReadable } from '../../../src/sharing/rekey/readable.ts';
import type { TransferOptions } from '../../../src/transfer/session.ts';
import { writeConfig } from '../../config/rclone.ts';
import { entriesOf } from '../../contract/remote/bench.ts';
import { cryptOver } from '../../remotes/crypt/crypt-over.ts';
import { testSession } from '../../transfer/session.ts';

export const before = { password: 'old potato', password2: 'old salt' };
export const next = { password: 'new potato', password2: 'new salt' };

export type Tree = Readonly<Record<string, string>>;

/** A crypt remote `secret:` of a config file, over a base that tests reach into. */
export interface Bench {
  readonly base: Location;
  readonly own: Partial<CryptOptions>;
  /** In place of `base`, what coffer opens; to put faults there. */
  wrap: (base: Remote) => Remote;
  /** What happens while a rekey waits for others that begin in the same moment. */
  wait: () => Promise<void>;
  /** What happens when all is done, before the config forgets the previous passwords. */
  conclude: () => Promise<void>;
  /** With one pair of passwords only. */
  opened(passwords: Partial<CryptOptions>): Promise<Remote>;
  put(passwords: Partial<CryptOptions>, tree: Tree): Promise<void>;
  /** Path → `content @ time`; what does not open under these is left out. */
  tree(passwords: Partial<CryptOptions>): Promise<Tree>;
  /** The options of the section that are passwords, revealed. */
  passwords(): Readonly<Record<string, string>>;
  at(options?: Partial<TransferOptions>, environment?: Record<string, string>): TestSurroundings;
  /** Begins or goes on, as the command does. */
  rekey(at?: TestSurroundings): Promise<boolean>;
}

export type TestSurroundings = Surroundings & { readonly session: ReturnType<typeof testSession> };

export const time = 1_234_567_890_123_000_000n;

export function createBench(
  folder: string,
  own: Partial<CryptOptions> = {},
  base: Location = { remote: createMemoryRemote(), path: 'bucket/sealed' },
): Bench {
  const name = `rclone-${Math.random().toString(36).slice(2)}.conf`;
  const section = { password: obscure(before.password), password2: obscure(before.password2) };
  const lines = Object.entries(section).map(([key, value]) => `${key} = ${value}`);
  writeConfig(folder, `[secret]\ntype = crypt\nremote = base:\n${lines.join('\n')}\n`, name);
  const configPath = join(folder, name);

  // Deriving keys takes its time.
  const known = new Map<string, Promise<Remote>>();
  const bench: Bench = {
    base,
    own,
    wrap: (remote) => remote,
    wait: async () => {},
    conclude: async () => {},
    opened(passwords) {
      const key = JSON.stringify(passwords);
      const remote = known.get(key) ?? cryptOver(base, { ...own, ...passwords });
      known.set(key, remote);
      return remote;
    },
    async put(passwords, tree) {
      const remote = await bench.opened(passwords);
      for (const [path, content] of Object.entries(tree)) {
        await remote.write(path, sourceOf(Buffer.from(content)), { modified: time });
      }
    },
    async tree(passwords) {
      const remote = await bench.opened(passwords);
      return readTree(remote).catch((error: { kind?: string }) => ({ [`(${error.kind})`]: '' }));
    },
    passwords() {
      const found = readFileSync(configPath, 'utf8').matchAll(/^(\w*password\w*) = (.*)$/gm);
      return Object.fromEntries([...found].map(([, key = '', value = '']) => [key, reveal(value)]));
    },
    at(options = {}, environment = {}) {
      const session = testSession(options);
      const file = openConfigFile({
        path: configPath,
        passwordCommand: undefined,
        prompt: null,
        environment: {},
        report: silentReport,
      });
      return {
        session,
        environment,
        configFile: () => file,
        config: () => file.read(),
        location: async () => {
          const passwords = await passwordsOf(file);
          const wrapped = { remote: bench.wrap(base.remote), path: base.path };
          return { remote: await cryptOver(wrapped, { ...own, ...passwords }, session.report), path: '' };
        },
      };
    },
    async rekey(at = bench.at()) {
      const candidate = await openCandidate(at, 'secret:');
      const { standing } = candidate;
      if (standing.kind === 'none') {
        await requireReadable(candidate.remote, {});
        await begin(at, candidate, next);
      }
      if (standing.kind === 'joined') await fetchPrevious(at, candidate, standing.previous);
      return carryOut(at, 'secret:', {
        verifies: false,
        now: new Date('2026-11-22'),
        wait: () => bench.wait(),
        conclude: () => bench.conclude(),
      });
    },
  };
  return bench;
}

async function passwordsOf(file: ConfigFile): Promise<Partial<CryptOptions>> {
  const section = (await file.read()).section('secret') ?? new Map<string, string>();
  const secrets = [...section].filter(([key]) => key.includes('password'));
  return Object.fromEntries(secrets.map(([key, value]) => [key, reveal(value)]));
}

async function readTree(remote: Remote, dir = ''): Promise<Tree> {
  const tree: Record<string, string> = {};
  for (const entry of await entriesOf(remote.list(dir))) {
    if (entry.kind === 'folder') {
      const below = await readTree(remote, entry.path);
      if (Object.keys(below).length === 0) tree[`${entry.path}/`] = '';
      Object.assign(tree, below);
      continue;
    }
    const content = await collect(remote.read(entry.path)).then(
      (data) => Buffer.from(data).toString(),
      (error: { kind?: string }) => `(${error.kind})`,
    );
    if (content !== '(corrupt)') tree[entry.path] = content;
  }
  return tree;
}

/** The names that lie in the base. */
export async function storedNames({ remote, path }: Location): Promise<string[]> {
  const entries = await entriesOf(remote.walk?.(path) ?? remote.list(path));
  return entries.map((entry) => entry.path.slice(path.length + 1)).sort();
}
