import { Failure } from '../../core/failure.ts';
import { compileGlob, folderGlobs, type Glob } from './glob.ts';

export interface Rule extends Glob {
  readonly includes: boolean;
}

/** Ordered rules, the first match decides. Keyed by their text: a rule that stands there already is not added again. */
type RuleList = Map<string, Rule>;

export interface Rules {
  readonly ignoreCase: boolean;
  readonly files: RuleList;
  /** Matched against a folder's path with a slash behind it, to prune what cannot hold an included file. */
  readonly folders: RuleList;
}

export function createRules(ignoreCase: boolean): Rules {
  return { ignoreCase, files: new Map(), folders: new Map() };
}

/** Adds the rules that one glob makes for files and for folders, as rclone's filter.Add.
 *  An excluded `dir/` means `dir/**`; an included `dir/` is about the folder alone. Throws Failure('usage'). */
export function addGlob(rules: Rules, includes: boolean, glob: string): void {
  const namesFolder = glob.endsWith('/');
  const whole = namesFolder && !includes ? `${glob}**` : glob;
  const compiled = compileGlob(whole, rules.ignoreCase);
  const spansFolders = whole.includes('**');
  if (!namesFolder || spansFolders) {
    addRule(rules.files, { includes, ...compiled });
    // Only an exclusion of everything tells that a folder holds nothing wanted.
    if (includes || whole === '*') addFolders(rules, includes, whole);
  }
  if (namesFolder || spansFolders) addRule(rules.folders, { includes, ...compiled });
}

/** Adds one line of a filter file: `+ glob`, `- glob`, or `!`, which forgets all rules. Throws Failure('usage'). */
export function addFilterLine(rules: Rules, line: string): void {
  if (line === '!') {
    rules.files.clear();
    rules.folders.clear();
  } else if (line.startsWith('+ ') || line.startsWith('- ')) {
    addGlob(rules, line.startsWith('+'), line.slice(2));
  } else {
    throw new Failure('usage', `malformed rule "${line}": begin it with "+ " or "- "`);
  }
}

/** What the first matching rule says; without one, everything is included. */
export function isIncluded(rules: Iterable<Rule>, path: string): boolean {
  for (const rule of rules) {
    if (rule.pattern.test(path)) return rule.includes;
  }
  return true;
}

/** Whether some folder may be left out, of rules for folders: not where the first lets all pass. */
export function prunes([first]: readonly Rule[]): boolean {
  return first !== undefined && !(first.includes && first.source === '^.*$');
}

export function describeRule(rule: Rule): string {
  return `${rule.includes ? '+' : '-'} ${rule.source}`;
}

function addFolders(rules: Rules, includes: boolean, glob: string): void {
  for (const folder of folderGlobs(glob)) {
    // The root is always listed.
    if (folder !== '/') addRule(rules.folders, { includes, ...compileGlob(folder, rules.ignoreCase) });
  }
}

function addRule(list: RuleList, rule: Rule): void {
  const key = describeRule(rule);
  if (!list.has(key)) list.set(key, rule);
}
