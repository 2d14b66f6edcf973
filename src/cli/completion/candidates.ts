import { hashTypes } from '../../core/hash.ts';
import { backendTypes } from '../../remotes/table.ts';
import type { CommandTable } from '../command.ts';
import { publicCommands } from '../public-commands.ts';

/** One word that could stand there, and a line on it. */
export interface Candidate {
  readonly text: string;
  help(): Promise<string>;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Files and folders of this machine could stand there too. */
  readonly files: boolean;
}

/** Where the words come from. */
export interface Sources {
  readonly commands: CommandTable;
  /** The names of the remotes, without colons, and their types. */
  remotes(): Promise<ReadonlyMap<string, string>>;
}

export const nothing: Completion = { candidates: [], files: false };

/** What can stand for a word of a usage line (`[remote:path]`, `<hash>`, `list|add`) or for the placeholder of a flag. */
export async function wordsFor(placeholder: string, sources: Sources): Promise<Completion> {
  const word = placeholder.replaceAll(/[[\]<>]|\.\.\.|\*/g, '');
  if (/(remote|source|dest):/.test(word)) {
    return { ...remoteNames(await sources.remotes(), ':'), files: word.endsWith(':path') };
  }
  if (/^[^|]+(\|[^|]+)+$/.test(word)) return plain(word.split('|'));
  switch (word) {
    case 'hash':
      return plain(hashTypes);
    case 'type':
      return plain(backendTypes);
    case 'name':
    case 'remote':
      return remoteNames(await sources.remotes(), '');
    case 'command':
      return plain([...publicCommands(sources.commands).keys()]);
    case 'share':
      return { ...(await wordsFor('remote:path', sources)), files: true };
    default:
      return /file|folder|path|^key$/.test(word) ? { ...nothing, files: true } : nothing;
  }
}

function plain(words: readonly string[]): Completion {
  return { ...nothing, candidates: words.map((text) => ({ text, help: async () => '' })) };
}

function remoteNames(remotes: ReadonlyMap<string, string>, end: '' | ':'): Completion {
  return { ...nothing, candidates: [...remotes].map(([name, type]) => ({ text: name + end, help: async () => type })) };
}
