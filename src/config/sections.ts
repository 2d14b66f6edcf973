import { Failure } from '../core/failure.ts';
import { defaultSection, type IniLine } from './ini.ts';

/** Section → key → value as it stands in the file; the last of two equal keys counts. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

// goconfig keeps a section alive with a value of this name, and hides it.
const sectionKeeper = ' ';
const mostReplacements = 200;
// rclone itself runs out of memory on a value that keeps growing.
const longestValue = 1 << 20;

export function sectionsOf(lines: readonly IniLine[]): Sections {
  const sections = new Map<string, Map<string, string>>();
  for (const line of lines) {
    if (line.kind === 'other') continue;
    const values = sections.get(line.section) ?? new Map<string, string>();
    sections.set(line.section, values);
    if (line.kind === 'value' && line.key !== '' && line.key !== sectionKeeper) values.set(line.key, line.value);
  }
  return sections;
}

/** The values that `rclone config dump` shows of a section: its own, with each `%(name)s` replaced.
 *  Throws Failure('usage') where a replacement never ends. */
export function ownValues(sections: Sections, section: string): ReadonlyMap<string, string> | undefined {
  const values = sections.get(section);
  return values && new Map([...values.keys()].map((key) => [key, expand(sections, section, key, 0)]));
}

/** The values that rclone finds when it opens the remote: `a.b` has those of section `a` that it lacks itself. */
export function valuesOf(sections: Sections, section: string): ReadonlyMap<string, string> | undefined {
  const own = ownValues(sections, section);
  const dot = section.lastIndexOf('.');
  const inherited = own && dot !== -1 ? valuesOf(sections, section.slice(0, dot)) : undefined;
  return inherited ? new Map([...inherited, ...(own ?? [])]) : own;
}

function expand(sections: Sections, section: string, key: string, depth: number): string {
  let value = sections.get(section)?.get(key) ?? '';
  for (let i = 0; i < mostReplacements; i++) {
    const reference = /%\([^)]+\)s/.exec(value)?.[0];
    if (reference === undefined) break;
    const replacement = valueOfReference(sections, section, nameInside(reference), depth);
    value = value.replaceAll(reference, () => replacement);
    if (value.length > longestValue) throw endless(section, key);
  }
  return value;
}

function valueOfReference(sections: Sections, section: string, name: string, depth: number): string {
  if (!sections.get(defaultSection)?.has(name)) return sections.get(section)?.get(name) ?? '';
  if (depth > mostReplacements) throw endless(defaultSection, name);
  return expand(sections, defaultSection, name, depth + 1);
}

// goconfig strips sets of characters, not the brackets: `%(names)s` means `name`.
function nameInside(reference: string): string {
  return reference.replace(/^[%(]+/, '').replace(/[)s]+$/, '');
}

function endless(section: string, key: string): Failure {
  return new Failure('usage', `option ${key} in section "${section}" of the config file refers to itself`);
}
