import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeScratch, removeScratch } from '../scratch.ts';
import { requirePeer } from '../servers/peers.ts';
import { configText, type Section } from '../servers/remotes.ts';
import { mustRun } from '../servers/run.ts';
import { crypt4gh } from './crypt4gh.ts';
import { bigFile, manyNames, smallFiles, startUp } from './folders.ts';
import { measure, type Pair, type Sample, type Tool } from './measure.ts';
import { mounts } from './mounts.ts';
import { packing } from './packing.ts';
import type { Bench, Row } from './row.ts';
import { cephS3, cephSwift, swift } from './stores.ts';
import { tableHead, tableRow } from './table.ts';

const groups = [startUp, bigFile, crypt4gh, packing, smallFiles, manyNames, swift, cephSwift, cephS3, mounts];

const help = `usage: scripts/bench [--only GROUP,...] [--match TEXT] [--runs N] [--size MiB]

Runs coffer and rclone in turns on the same work with the same flags and prints a table of ratios, coffer / rclone:
medians of N pairs (5) after a warm-up, on a folder in memory. A missed target stands in bold and is no error. What stands
beside (gocryptfs, for mounts) is shown and not judged.
  --only   ${groups.map((group) => group.name).join(', ')}
  --match  rows whose name contains this
  --size   of the big file (1024)
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: groups.map((group) => group.name).join(',') },
    match: { type: 'string', default: '' },
    runs: { type: 'string', default: '5' },
    size: { type: 'string', default: '1024' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const chosen = values.only.split(',').map((name) => {
  const group = groups.find((candidate) => candidate.name === name);
  if (group === undefined) throw new Error(`no group "${name}"\n${help}`);
  return group;
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1)); // removes the scratch folder
if (values.help) print(help);
else await runBench();

async function runBench(): Promise<void> {
  requirePeer('rclone');
  const [version = ''] = (await mustRun('rclone', ['version'])).split('\n');
  const [processor] = cpus();
  print(
    `${version}, Node ${process.version}, ${cpus().length} × ${processor?.model}, ${values.size} MiB, ${values.runs} pairs\n`,
  );
  print(tableHead);
  for (const group of chosen) {
    const folder = makeScratch();
    const servers: AsyncDisposable[] = [];
    const sections: Record<string, Section> = {};
    const config = join(folder, 'rclone.conf');
    const bench: Bench = {
      folder,
      config,
      bigSize: Number(values.size) * 2 ** 20,
      async addRemotes(more) {
        await writeFile(config, configText(Object.assign(sections, more)));
      },
      async use(resource) {
        servers.push(await resource);
        return resource;
      },
    };
    try {
      for (const row of await group.rows(bench)) {
        if (!row.name.includes(values.match)) continue;
        print(tableRow(row, await pairsOf(row, config), await samplesBeside(row)));
      }
    } finally {
      for (const server of servers) await server[Symbol.asyncDispose]();
      removeScratch(folder);
    }
  }
}

async function pairsOf(row: Row, config: string): Promise<readonly Pair[]> {
  const once = async (tool: Tool) => {
    await row.prepare?.(tool);
    return row.run ? row.run(tool) : measure(tool, row.args?.(tool) ?? [], config);
  };
  for (const tool of ['coffer', 'rclone'] as const) {
    await once(tool);
    await row.check?.(tool);
  }
  const pairs: Pair[] = [];
  for (let i = 0; i < Number(values.runs); i++)
    pairs.push({ coffer: await once('coffer'), rclone: await once('rclone') });
  return pairs;
}

async function samplesBeside({ beside }: Row): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let i = 0; beside && i < Number(values.runs); i++) samples.push(await beside.run());
  return samples;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
