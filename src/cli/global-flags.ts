import {
  count,
  durationFlag,
  type FlagValues,
  integerFlag,
  optionalText,
  textFlag,
  timetableFlag,
  toggle,
} from './flags.ts';

/** Flags that every command takes beside the filters, under rclone's names and with its defaults, by the heading they have in help. */
export const flagGroups = {
  Config: {
    config: optionalText('Config file', { placeholder: 'file' }),
    'ask-password': toggle('Allow prompt for password for encrypted configuration', undefined, true),
    'password-command': textFlag('Command that prints the password of an encrypted configuration', {
      placeholder: 'SpaceSepList',
    }),
  },
  Copy: {
    checksum: toggle('Skip based on checksum (if available) & size, not mod-time & size', 'c'),
    'ignore-case-sync': toggle('Ignore case when synchronizing'),
    'ignore-checksum': toggle('Skip post copy check of checksums'),
    'ignore-existing': toggle('Skip all files that exist on destination'),
    'ignore-size': toggle('Ignore size when skipping, use mod-time or checksum'),
    'ignore-times': toggle('Transfer all files unconditionally', 'I'),
    immutable: toggle('Do not modify files, fail if existing files have been modified'),
    'modify-window': durationFlag('Max time difference to be considered the same', '1ns'),
    'no-unicode-normalization': toggle("Don't normalize unicode characters in filenames"),
    'no-update-modtime': toggle("Don't update destination mod-time if files identical"),
    'size-only': toggle('Skip based on size only, not mod-time or checksum'),
    transfers: integerFlag('Number of file transfers to run in parallel', 4),
    update: toggle('Skip files that are newer on the destination', 'u'),
  },
  Sync: {
    'ignore-errors': toggle('Delete even if there are I/O errors'),
    'max-delete': integerFlag('When synchronizing, limit the number of deletes', -1),
  },
  Important: {
    'dry-run': toggle('Do a trial run with no permanent changes', 'n'),
    interactive: toggle('Enable interactive mode', 'i'),
  },
  Listing: {
    checkers: integerFlag('Number of checkers to run in parallel', 8),
    'fast-list': toggle('Use recursive list if available; uses more memory but fewer transactions'),
    'human-readable': toggle('Print sizes with suffix Ki|Mi|Gi|Ti|Pi'),
    'max-depth': integerFlag('If set limits the recursion depth to this', -1),
  },
  Networking: {
    bwlimit: timetableFlag('Bandwidth limit in KiB/s, or use suffix B|K|M|G|T|P or a full timetable'),
    'bwlimit-file': timetableFlag('Bandwidth limit per file in KiB/s, or use suffix B|K|M|G|T|P or a full timetable'),
    'ca-cert': optionalText('CA certificate used to verify servers', { placeholder: 'file' }),
    'client-cert': optionalText('Client SSL certificate (PEM) for mutual TLS auth', { placeholder: 'file' }),
    'client-key': optionalText('Client SSL private key (PEM) for mutual TLS auth', { placeholder: 'file' }),
    contimeout: durationFlag('Connect timeout', '1m0s'),
    'low-level-retries': integerFlag('Number of low level retries to do', 10),
    'no-check-certificate': toggle('Do not verify the server TLS certificate (insecure)'),
    retries: integerFlag('Retry operations this many times if they fail', 3),
    'retries-sleep': durationFlag('Interval between retrying operations if they fail', '0s'),
    timeout: durationFlag('IO idle timeout', '5m0s'),
    'user-agent': textFlag('Set the user-agent to a specified string', { initial: 'coffer/0.1.0' }),
  },
  Local: {
    'copy-links': toggle('Follow symlinks and copy the pointed to item', 'L'),
    links: toggle("Translate symlinks to/from regular files with a '.rclonelink' extension", 'l'),
    'one-file-system': toggle("Don't cross filesystem boundaries", 'x'),
  },
  Logging: {
    'log-file': optionalText('Log everything to this file', { placeholder: 'file' }),
    'log-level': optionalText('Log level DEBUG|INFO|NOTICE|ERROR'),
    progress: toggle('Show progress during transfer', 'P'),
    quiet: toggle('Print as little stuff as possible', 'q'),
    stats: durationFlag('Interval between printing stats, e.g. 500ms, 60s, 5m (0 to disable)', '1m0s'),
    'stats-one-line': toggle('Make the stats fit on one line'),
    'use-json-log': toggle('Use json log format'),
    verbose: count('Print lots more stuff (repeat for more)', 'v'),
  },
} as const;

export const globalFlags = {
  ...flagGroups.Config,
  ...flagGroups.Copy,
  ...flagGroups.Sync,
  ...flagGroups.Important,
  ...flagGroups.Listing,
  ...flagGroups.Networking,
  ...flagGroups.Local,
  ...flagGroups.Logging,
  help: toggle('Show help', 'h'),
  version: toggle('Print the version number', 'V'),
};

export type GlobalFlags = FlagValues<typeof globalFlags>;
