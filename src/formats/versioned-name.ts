// Go's layout -v2006-01-02-150405.000 with a dash for the dot: lib/version in rclone.
const versionAtEnd = /-v(\d{4})-(\d\d)-(\d\d)-(\d\d)(\d\d)(\d\d)-\d{3}$/;

export interface VersionedName {
  readonly name: string;
  /** `-vYYYY-MM-DD-HHMMSS-mmm`, or empty. */
  readonly version: string;
}

/** Splits off the version that rclone's versioned remotes put before the extension of a name or a path. A time that no clock
 *  shows is no version. */
export function splitVersion(fileName: string): VersionedName {
  const { base, extension } = splitExtension(fileName);
  const match = versionAtEnd.exec(base);
  if (!match || !isTime(match.slice(1).map(Number))) return { name: fileName, version: '' };
  const version = match[0];
  const name = base.slice(0, match.index) + extension;
  // rclone would show `-v….txt` as `.txt-v…` ever after: such a name is sealed whole, which rclone opens too.
  return addVersion(name, version) === fileName ? { name, version } : { name: fileName, version: '' };
}

/** Puts a version back before the extension. */
export function addVersion(fileName: string, version: string): string {
  if (version === '') return fileName;
  const { base, extension } = splitExtension(fileName);
  return base + version + extension;
}

/** How names tell a version of this time, in milliseconds since 1970. */
export function versionOf(time: number): string {
  const [date, hour, minute, second, milliseconds] = new Date(time).toISOString().split(/[T:.Z]/);
  return `-v${date}-${hour}${minute}${second}-${milliseconds}`;
}

function splitExtension(fileName: string): { base: string; extension: string } {
  const dot = fileName.lastIndexOf('.');
  // A dot in front makes no extension: `.profile` is all base. `dir/.profile` is not, in rclone.
  if (dot <= 0 || dot < fileName.lastIndexOf('/')) return { base: fileName, extension: '' };
  return { base: fileName.slice(0, dot), extension: fileName.slice(dot) };
}

function isTime([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: number[]): boolean {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return false;
  // 2000 is a leap year as year + 2000 is one where year is; Date would take a year under 100 for 19xx.
  return day <= new Date(Date.UTC(year + 2000, month, 0)).getUTCDate();
}
