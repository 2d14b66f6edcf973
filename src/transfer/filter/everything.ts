import type { Filter } from './filter.ts';

/** The filter of a run without filter flags. */
export const everything: Filter = {
  isInactive: true,
  looksAtNamesOnly: true,
  needsModified: false,
  includesFile: () => true,
  includesName: () => true,
  prunesFolders: false,
  includesFolder: () => true,
  excludeIfPresent: [],
  files: null,
  deleteExcluded: false,
  describe: () => '--- File filter rules ---\n--- Directory filter rules ---',
};
