/** What coffer itself keeps beside the sealed files: names in the folder that a crypt remote stands on. The remote
 *  neither shows them nor writes there. */
export const rekeyMarkerName = '.coffer-rekey';
export const shareName = '.coffer-share';

const names: readonly string[] = [rekeyMarkerName, shareName];

/** `sealed` is a path below the folder that the crypt remote stands on. */
export function isReserved(sealed: string): boolean {
  return names.includes(sealed);
}
