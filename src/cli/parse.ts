import { parseArgs } from 'node:util';
import { Failure, messageOf } from '../core/failure.ts';
import { didYouMean } from '../core/near-miss.ts';
import { type FlagSpecs, type FlagValues, variableOf } from './flags.ts';
import { isLackingFlag } from './names-elsewhere.ts';
import { copyFlags, syncFlags } from './transfer-flags.ts';

export interface Parsed<S extends FlagSpecs> {
  readonly flags: FlagValues<S>;
  /** The words that are no flags. */
  readonly args: readonly string[];
  /** Flags that stand for a backend's option (`swift-chunk-size`) and were given, as text. */
  readonly backendFlags: ReadonlyMap<string, string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a command line as rclone does: flags anywhere, `--` ends them, RCLONE_<FLAG> in the environment is a default.
 *  `words` are arguments although they start with `-`. Throws Failure('usage') naming the flag. */
export function parseCommandLine<S extends FlagSpecs>(
  argv: readonly string[],
  specs: S,
  backendSpecs: FlagSpecs,
  environment: Environment,
  words: readonly string[] = [],
): Parsed<S> {
  const flags = defaults(specs, environment);
  const backendFlags = new Map<string, string>();
  const args: string[] = [];
  for (const token of tokenize(argv, { ...backendSpecs, ...specs }, words)) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName } = token;
    const spec = ownOf(specs, name) ?? ownOf(backendSpecs, name);
    // A short name must not pass for a long one of one letter.
    if (!spec || (!rawName.startsWith('--') && !spec.short)) throw unknownFlag(token, { ...backendSpecs, ...specs });
    if (takesValue(spec) && token.value === undefined) throw new Failure('usage', `flag needs an argument: ${rawName}`);
    const text = token.value ?? 'true';
    const value = withName(rawName, () => spec.add(flags[name] ?? spec.initial, text));
    if (ownOf(specs, name)) flags[name] = value;
    else backendFlags.set(name, text);
  }
  return { flags: flags as FlagValues<S>, args, backendFlags };
}

/** `word` is what holds the flag: `-progress` is read as -p, -r and so on. */
function unknownFlag(
  { rawName, word }: { readonly rawName: string; readonly word: string },
  specs: FlagSpecs,
): Failure {
  const isLong = rawName.startsWith('--');
  const why = isLong ? adviceOn(rawName.slice(2), specs) : nearestTo(word.slice(1).replace(/=.*/s, ''), specs);
  const shown = isLong || word === rawName ? rawName : `${rawName} in ${word}`;
  return new Failure('usage', `unknown flag: ${shown}${why && `: ${why}`}`);
}

function adviceOn(name: string, specs: FlagSpecs): string {
  if (isLackingFlag(name)) return 'only rclone has it';
  if (ownOf(copyFlags, name)) return 'only commands that copy files have it, as copy, move and sync';
  if (ownOf(syncFlags, name)) return 'only sync has it';
  return nearestTo(name, specs);
}

function nearestTo(name: string, specs: FlagSpecs): string {
  return didYouMean(
    `--${name}`,
    Object.keys(specs).map((known) => `--${known}`),
  ).trimEnd();
}

/** Not what every object has: `--constructor` is no flag. */
function ownOf(specs: FlagSpecs, name: string): FlagSpecs[string] | undefined {
  return Object.hasOwn(specs, name) ? specs[name] : undefined;
}

function defaults(specs: FlagSpecs, environment: Environment): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const variable = variableOf(name);
    const text = environment[variable];
    flags[name] = text === undefined ? spec.initial : withName(variable, () => spec.add(spec.initial, text));
  }
  return flags;
}

function withName<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Failure('usage', `invalid argument for ${name}: ${messageOf(error)}`, { cause: error });
  }
}

// No argument of a process can hold it.
const wordMark = '\0';

interface FlagType {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
}

function tokenize(argv: readonly string[], specs: FlagSpecs, words: readonly string[]) {
  const options: Record<string, FlagType> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const { short } = spec;
    const hasLetter = short && nameOf(short, specs) === name;
    options[name] = { type: takesValue(spec) ? 'string' : 'boolean', ...(hasLetter && { short }) };
  }
  const end = argv.indexOf('--');
  const args = argv.flatMap((word, index) => {
    if (words.includes(word)) return wordMark + word;
    const isValue = (end >= 0 && index > end) || flagAwaitingValue(argv[index - 1] ?? '', specs);
    return isValue ? word : withLongNames(word, specs);
  });
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  return tokens.map((token) => {
    const word = args[token.index] ?? '';
    return 'value' in token && token.value?.startsWith(wordMark)
      ? { ...token, word, value: token.value.slice(1) }
      : { ...token, word };
  });
}

/** The flag that `word` ends with and whose value the next word is: of `--format`, `-F` and `-RF`, but not of `-Fp`. */
export function flagAwaitingValue(word: string, specs: FlagSpecs): FlagSpecs[string] | undefined {
  if (!word.startsWith('-') || word.includes('=')) return undefined;
  const named = word.startsWith('--')
    ? [ownOf(specs, word.slice(2))]
    : [...word.slice(1)].map((letter) => specs[nameOf(letter, specs) ?? '']);
  const taker = named.findIndex(takesValue);
  return taker === named.length - 1 ? named[taker] : undefined;
}

/** `-Rd=false` as `-R` and `--dir-slash=false`: node takes what follows a letter for more letters, or for its value. */
function withLongNames(word: string, specs: FlagSpecs): readonly string[] {
  const [, before = '', letter = '', value = ''] = /^-([^-=]*)([^-=])=(.+)$/s.exec(word) ?? [];
  const name = nameOf(letter, specs);
  // Of `-Fa=b` all is the value of -F.
  if (!name || [...before].some((short) => takesValue(specs[nameOf(short, specs) ?? '']))) return [word];
  return [...(before === '' ? [] : [`-${before}`]), `--${name}=${value}`];
}

function takesValue(spec: FlagSpecs[string] | undefined): boolean {
  return spec?.kind === 'value' || spec?.kind === 'list';
}

/** A letter is the last flag's that asks for it: the command's own. */
function nameOf(letter: string, specs: FlagSpecs): string | undefined {
  return letter === '' ? undefined : Object.keys(specs).findLast((name) => specs[name]?.short === letter);
}
