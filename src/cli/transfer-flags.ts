import { cutoffModes } from '../transfer/cutoff.ts';
import { choiceFlag, durationFlag, listFlag, sizeFlag, textFlag, toggle } from './flags.ts';

/** Flags of the commands that copy files and trees. */
export const copyFlags = {
  'backup-dir': textFlag('Move what would be overwritten or deleted into this folder', { placeholder: 'remote:path' }),
  'check-first': toggle('Do all the checks before starting transfers'),
  'compare-dest': listFlag('Skip files that are already in this folder', 'remote:path'),
  'copy-dest': listFlag('Copy files that are already in this folder from there', 'remote:path'),
  'create-empty-src-dirs': toggle('Create empty source dirs on destination after copy'),
  'cutoff-mode': choiceFlag('What to do when --max-transfer or --max-duration is reached', cutoffModes),
  'max-duration': durationFlag('Maximum duration of a transfer', '0s'),
  'max-transfer': sizeFlag('Maximum size of data to transfer', 'off'),
  'no-check-dest': toggle("Don't check the destination, copy regardless"),
  'no-traverse': toggle("Don't traverse destination file system on copy"),
  'order-by': textFlag("Instructions on how to order the transfers, e.g. 'size,descending'"),
  suffix: textFlag('Keep what would be overwritten or deleted, with this added to its name'),
  'suffix-keep-extension': toggle('Add the --suffix before the extension'),
  'track-renames': toggle('When synchronizing, rename at the destination what was renamed at the source'),
  'track-renames-strategy': textFlag('How to recognize a renamed file, besides its size: hash, modtime, leaf', {
    initial: 'hash',
    placeholder: 'list',
  }),
};

export const syncFlags = {
  ...copyFlags,
  'delete-after': toggle('Delete files on destination after transferring (default)'),
  'delete-before': toggle('Delete files on destination before transferring'),
  'delete-during': toggle('Delete files during transfer'),
};

export const moveFlags = {
  ...copyFlags,
  'delete-empty-src-dirs': toggle('Delete empty source dirs after move'),
};
