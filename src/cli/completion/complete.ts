import { backendTypes } from '../../remotes/table.ts';
import { backendFlags } from '../backend-flags.ts';
import { calledCommand } from '../called-command.ts';
import type { CommandTable } from '../command.ts';
import { filterFlags } from '../filter-flags.ts';
import type { FlagSpecs } from '../flags.ts';
import { globalFlags } from '../global-flags.ts';
import { flagAwaitingValue } from '../parse.ts';
import { publicCommands } from '../public-commands.ts';
import { type Completion, nothing, type Sources, wordsFor } from './candidates.ts';

/** What the last of `words` can become. They stand behind the program's name, as far as the cursor; a command that is not
 *  there has no completions. Throws Failure('usage') for an unknown command. */
export async function complete(words: readonly string[], sources: Sources): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const called = await calledCommand(before, sources.commands);
  const specs: FlagSpecs = { ...filterFlags, ...globalFlags, ...called?.command.flags };
  const hasEnded = before.includes('--');
  const asked = hasEnded ? undefined : flagAwaitingValue(before.at(-1) ?? '', specs);
  if (asked) return starting(current, await wordsFor(asked.placeholder ?? '', sources));
  const [, flag, value] = /^--([^=]+)=(.*)$/s.exec(current) ?? [];
  if (!hasEnded && flag !== undefined && value !== undefined) {
    const found = starting(value, await wordsFor(specs[flag]?.placeholder ?? '', sources));
    return { ...found, candidates: found.candidates.map(({ text, help }) => ({ text: `--${flag}=${text}`, help })) };
  }
  if (!hasEnded && current.startsWith('-')) return starting(current, await flagNames(current, specs));
  if (!called) return starting(current, commandNames(sources.commands));
  const { command, depth } = called;
  const index = argumentsIn(before, specs) - depth;
  const below = index === 0 && command.subcommands ? commandNames(command.subcommands) : nothing;
  const found = await Promise.all(usageWords(command.usage, index).map((word) => wordsFor(word, sources)));
  return starting(current, merged([below, ...found]));
}

function commandNames(commands: CommandTable): Completion {
  const candidates = [...publicCommands(commands)].map(([text, load]) => ({
    text,
    help: async () => (await load()).command.summary,
  }));
  return { ...nothing, candidates };
}

async function flagNames(current: string, specs: FlagSpecs): Promise<Completion> {
  // Those of a backend are many: they come once its name has been begun.
  const types = backendTypes.filter((type) => current.length > 2 && isCommonStart(current, `--${type}-`));
  const all: FlagSpecs = Object.assign({}, specs, ...(await Promise.all(types.map(backendFlags))));
  const candidates = Object.entries(all).map(([name, { help }]) => ({ text: `--${name}`, help: async () => help }));
  return { ...nothing, candidates };
}

function isCommonStart(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** How many words are no flags and no values of flags. */
function argumentsIn(before: readonly string[], specs: FlagSpecs): number {
  let count = 0;
  for (let index = 0; index < before.length; index++) {
    const word = before[index] as string;
    if (word === '--') return count + before.length - index - 1;
    if (!word.startsWith('-') || word === '-') count++;
    else if (flagAwaitingValue(word, specs)) index++;
  }
  return count;
}

/** Those words of a usage line that the argument at `index` may stand for. Where one may be repeated, the next ones may too. */
function usageWords(usage: string, index: number): readonly string[] {
  // What takes a file takes one on a remote.
  const words = usage.split(' ').map((word) => (/^\[?(sum)?file/.test(word) ? 'source:path' : word));
  const repeated = words.findIndex((word) => word.includes('...'));
  if (repeated >= 0 && index >= repeated) return words.slice(repeated);
  return words.slice(index, index + 1);
}

function merged(all: readonly Completion[]): Completion {
  return {
    candidates: all.flatMap(({ candidates }) => candidates),
    files: all.some(({ files }) => files),
  };
}

function starting(current: string, { candidates, files }: Completion): Completion {
  // What is on a remote would have to be asked of its store.
  if (/^[^/]+:/.test(current)) return nothing;
  return { candidates: candidates.filter(({ text }) => text.startsWith(current)), files };
}
