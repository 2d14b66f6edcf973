import type { TransportSettings } from '../../core/backend.ts';
import { Failure } from '../../core/failure.ts';
import { flag, type Options, text } from '../../core/options.ts';

const advanced = { advanced: true };

/** rclone's options of its local backend. */
export const options = {
  nounc: flag('Disable UNC (long path names) conversion on Windows', advanced),
  copy_links: flag('Follow symlinks and copy what they point to', advanced),
  links: flag('Translate symlinks to and from text files with the ending .rclonelink', advanced),
  skip_links: flag('Skip symlinks without a notice', advanced),
  zero_size_links: flag('Take the size of links as zero and read them instead (links are always read)', advanced),
  unicode_normalization: flag('Show names in Unicode NFC, whatever form the disk has', advanced),
  no_check_updated: flag('Do not check whether a file changes while it is read', advanced),
  one_file_system: flag('Do not cross into other file systems', advanced),
  case_sensitive: flag('Take the file system as case sensitive', advanced),
  case_insensitive: flag('Take the file system as case insensitive', advanced),
  no_preallocate: flag('Do not preallocate disk space (never done here)', advanced),
  no_sparse: flag('Do not write sparse files (never done here)', advanced),
  no_set_modtime: flag('Do not set modification times', advanced),
  encoding: text('What to replace in file names', {
    ...advanced,
    // macOS takes no bytes that are not UTF-8.
    default: process.platform === 'darwin' ? 'Slash,InvalidUtf8,Dot' : 'Slash,Dot',
  }),
};

export type LinkPolicy = TransportSettings['links'];

/** What the remote works by, from its own options and the global flags. */
export interface LocalSettings {
  readonly links: LinkPolicy;
  readonly encoding: string;
  readonly normalizesUnicode: boolean;
  readonly checksUpdates: boolean;
  readonly setsModified: boolean;
  readonly staysOnFileSystem: boolean;
}

/** Throws Failure('usage') for links that should be both followed and translated. */
export function localSettings(
  own: Options<typeof options>,
  { links, oneFileSystem }: Pick<TransportSettings, 'links' | 'oneFileSystem'>,
): LocalSettings {
  const follows = own.copy_links || links === 'follow';
  const translates = own.links || links === 'translate';
  if (follows && translates) throw new Failure('usage', "can't use -l/--links with -L/--copy-links");
  return {
    links: follows ? 'follow' : translates ? 'translate' : own.skip_links ? 'skip-silently' : links,
    encoding: own.encoding,
    normalizesUnicode: own.unicode_normalization,
    checksUpdates: !own.no_check_updated,
    setsModified: !own.no_set_modtime,
    staysOnFileSystem: own.one_file_system || oneFileSystem,
  };
}
