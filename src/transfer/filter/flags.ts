/** What the user asked to leave out or to take, as typed: rclone's filter flags. Every list keeps its order. */
export interface FilterFlags {
  readonly include: readonly string[];
  readonly includeFrom: readonly string[];
  readonly exclude: readonly string[];
  readonly excludeFrom: readonly string[];
  readonly filter: readonly string[];
  readonly filterFrom: readonly string[];
  readonly filesFrom: readonly string[];
  readonly filesFromRaw: readonly string[];
  readonly excludeIfPresent: readonly string[];
  /** Sizes and ages as rclone writes them; `off` sets no limit. */
  readonly minSize: string;
  readonly maxSize: string;
  readonly minAge: string;
  readonly maxAge: string;
  readonly ignoreCase: boolean;
  /** For a sync: what the filters exclude at the destination is deleted, not left alone. */
  readonly deleteExcluded: boolean;
}

export interface FilterFlagSpec {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  readonly kind: 'list' | 'text' | 'flag';
  /** What the value is, for the help. */
  readonly value?: string;
  readonly help: string;
}

/** How each of `FilterFlags` is written on a command line, in the order that a help page shows. */
export const filterFlagSpecs: { readonly [Key in keyof FilterFlags]: FilterFlagSpec } = {
  filter: {
    name: 'filter',
    short: 'f',
    kind: 'list',
    value: 'rule',
    help: 'Add a rule: "+ glob" takes, "- glob" leaves out, "!" forgets all before',
  },
  filterFrom: {
    name: 'filter-from',
    kind: 'list',
    value: 'file',
    help: 'Read rules from a file, one a line (- for standard input)',
  },
  include: { name: 'include', kind: 'list', value: 'glob', help: 'Take only files that match' },
  includeFrom: {
    name: 'include-from',
    kind: 'list',
    value: 'file',
    help: 'Read globs to include from a file (- for standard input)',
  },
  exclude: {
    name: 'exclude',
    kind: 'list',
    value: 'glob',
    help: 'Leave out files that match; "dir/" leaves out a whole folder',
  },
  excludeFrom: {
    name: 'exclude-from',
    kind: 'list',
    value: 'file',
    help: 'Read globs to exclude from a file (- for standard input)',
  },
  excludeIfPresent: {
    name: 'exclude-if-present',
    kind: 'list',
    value: 'name',
    help: 'Leave out folders that hold a file of this name',
  },
  filesFrom: {
    name: 'files-from',
    kind: 'list',
    value: 'file',
    help: 'Take exactly the files listed in a file (- for standard input)',
  },
  filesFromRaw: {
    name: 'files-from-raw',
    kind: 'list',
    value: 'file',
    help: 'The same, each line as it is: no comments, no trimming',
  },
  minSize: {
    name: 'min-size',
    kind: 'text',
    value: 'size',
    help: 'Take only files of at least this size, in KiB or with a suffix B|K|M|G|T|P',
  },
  maxSize: {
    name: 'max-size',
    kind: 'text',
    value: 'size',
    help: 'Take only files of at most this size, in KiB or with a suffix B|K|M|G|T|P',
  },
  minAge: {
    name: 'min-age',
    kind: 'text',
    value: 'age',
    help: 'Take only files older than this: seconds, a suffix ms|s|m|h|d|w|M|y, or a date',
  },
  maxAge: {
    name: 'max-age',
    kind: 'text',
    value: 'age',
    help: 'Take only files younger than this: seconds, a suffix ms|s|m|h|d|w|M|y, or a date',
  },
  ignoreCase: { name: 'ignore-case', kind: 'flag', help: 'Ignore case in the rules' },
  deleteExcluded: {
    name: 'delete-excluded',
    kind: 'flag',
    help: 'With sync: delete excluded files at the destination',
  },
};
