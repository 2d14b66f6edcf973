import { Failure } from '../core/failure.ts';
import { appendSection, copySection, removeSection, renameSection, setValue, unsetValues } from './draft-edits.ts';
import { defaultSection, type IniLine, parseIni } from './ini.ts';
import { sectionsOf } from './sections.ts';

/** A config file while it is edited. Lines that no edit concerns keep their bytes, comments and order.
 *  Throws Failure('usage') for names that are not there and for what rclone would not read back as it was set. */
export interface ConfigDraft {
  sections(): readonly string[];
  /** As it stands in the file: secrets obscured, `%(name)s` not replaced, nothing inherited. */
  section(name: string): ReadonlyMap<string, string> | undefined;
  /** Sets values in place, or adds them to the end of the section; a section that is not there is added to the end of
   *  the file. */
  set(name: string, values: ReadonlyMap<string, string>): void;
  /** Keys that are not there are ignored. */
  unset(name: string, keys: readonly string[]): void;
  /** Comments behind its last value stay: they may belong to what follows. */
  remove(name: string): void;
  /** Throws Failure('exists') where `to` is there. */
  rename(name: string, to: string): void;
  /** Throws Failure('exists') where `to` is there. */
  copy(name: string, to: string): void;
}

/** Throws Failure('usage') with `file` and the line that cannot be read. */
export function editConfig(data: Uint8Array, file: string): ConfigDraft & { bytes(): Uint8Array } {
  let lines = parseIni(data, file);

  const section = (name: string) => sectionsOf(lines).get(name);
  const demand = (name: string): void => {
    if (!section(name))
      throw new Failure('usage', `there is no remote "${name}" in config file ${file}`, { path: file });
  };
  const refuseTaken = (name: string): void => {
    if (section(name))
      throw new Failure('exists', `remote "${name}" is in config file ${file} already`, { path: file });
  };
  const reread = (raws: readonly Uint8Array[]): readonly IniLine[] => parseIni(Buffer.concat(raws), file);

  return {
    sections: () => [...sectionsOf(lines).keys()],
    section,
    set(name, values) {
      for (const [key, value] of values) refuseReference(key, value, section(name)?.get(key));
      let edited = section(name) ? lines : reread(appendSection(lines, name));
      for (const [key, value] of values) edited = reread(setValue(edited, name, key, value));
      lines = edited;
    },
    unset(name, keys) {
      demand(name);
      lines = reread(unsetValues(lines, name, keys));
    },
    remove(name) {
      demand(name);
      lines = reread(removeSection(lines, name));
    },
    rename(name, to) {
      demand(name);
      if (name === to) return;
      refuseTaken(to);
      // The values before the first header are in this section too, and have none to rename.
      const isHeaderless = name === defaultSection;
      if (isHeaderless) lines = reread(removeSection(reread(copySection(lines, name, to)), name));
      else lines = reread(renameSection(lines, name, to));
    },
    copy(name, to) {
      demand(name);
      refuseTaken(to);
      lines = reread(copySection(lines, name, to));
    },
    bytes: () => Buffer.concat(lines.map((line) => line.raw)),
  };
}

// The file has no way to write such a value so that it means itself.
function refuseReference(key: string, value: string, old: string | undefined): void {
  if (value === old || !/%\([^)]+\)s/.test(value)) return;
  throw new Failure('usage', `a config file cannot hold this value of option "${key}": rclone replaces "%(…)s" in it`);
}
