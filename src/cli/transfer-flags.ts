import { toggle } from './flags.ts';

/** Flags of the commands that copy trees. */
export const copyFlags = {
  'create-empty-src-dirs': toggle('Create empty source dirs on destination after copy'),
};

export const moveFlags = {
  ...copyFlags,
  'delete-empty-src-dirs': toggle('Delete empty source dirs after move'),
};
