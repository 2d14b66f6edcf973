/** The settings of `profile` in the text of a shared credentials file, or null where there is no such profile.
 *  Format: "Shared config and credentials files" of the AWS SDKs reference guide. */
export function readProfile(text: string, profile: string): Readonly<Record<string, string>> | null {
  let found: Record<string, string> | null = null;
  let isInside = false;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const section = /^\[([^\]]*)\]/.exec(line)?.[1];
    const equals = line.indexOf('=');
    if (section !== undefined) {
      isInside = section.trim().replace(/^profile\s+/, '') === profile;
      if (isInside) found ??= {};
    } else if (isInside && found && equals > 0) {
      found[line.slice(0, equals).trim().toLowerCase()] = line.slice(equals + 1).trim();
    }
  }
  return found;
}
