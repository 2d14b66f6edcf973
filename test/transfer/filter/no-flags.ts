import type { FilterFlags } from '../../../src/transfer/filter/flags.ts';

export const noFilterFlags: FilterFlags = {
  include: [],
  includeFrom: [],
  exclude: [],
  excludeFrom: [],
  filter: [],
  filterFrom: [],
  filesFrom: [],
  filesFromRaw: [],
  excludeIfPresent: [],
  minSize: 'off',
  maxSize: 'off',
  minAge: 'off',
  maxAge: 'off',
  ignoreCase: false,
  deleteExcluded: false,
};
