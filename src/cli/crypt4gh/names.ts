import { openName } from '../../remotes/crypt4gh/names.ts';
import type { Naming } from './items.ts';

/** What sealed files have at the end of their names, here as in SD Connect and the crypt4gh tools. */
export const suffix = '.c4gh';

/** Plain files become sealed ones. In place, what is sealed already is most likely what an earlier run has made. */
export const sealedNames: Naming = {
  plainName: (path) => path,
  targetName: (path) => path + suffix,
  isPassedOver: (path, isInPlace) => isInPlace && openName(path, suffix) !== null,
};

/** Sealed files become plain ones. */
export const openedNames: Naming = {
  plainName: (path) => openName(path, suffix) ?? path,
  targetName: (path) => openName(path, suffix),
  isPassedOver: (path) => openName(path, suffix) === null,
};
