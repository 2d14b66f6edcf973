import { dumpable } from './dump.ts';
import {
  addressFlag,
  choiceFlag,
  choicesFlag,
  count,
  durationFlag,
  type FlagValues,
  integerFlag,
  listFlag,
  numberFlag,
  optionalText,
  sizeFlag,
  textFlag,
  timetableFlag,
  toggle,
} from './flags.ts';
import { levels } from './log.ts';

/** Features that `--disable` can switch off, by rclone's names. */
export const disableable = ['About', 'CleanUp', 'Copy', 'DirMove', 'ListR', 'Move', 'PublicLink', 'Purge'] as const;

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
    disable: choicesFlag(`Do without these features of the stores: ${disableable.join(',')}`, disableable),
    'ignore-case-sync': toggle('Ignore case when synchronizing'),
    'ignore-checksum': toggle('Skip post copy check of checksums'),
    'ignore-existing': toggle('Skip all files that exist on destination'),
    'ignore-size': toggle('Ignore size when skipping, use mod-time or checksum'),
    'ignore-times': toggle('Transfer all files unconditionally', 'I'),
    immutable: toggle('Do not modify files, fail if existing files have been modified'),
    'max-backlog': integerFlag('Maximum number of objects in sync or check backlog', 10_000),
    metadata: toggle('If set, preserve metadata when copying objects', 'M'),
    'metadata-set': listFlag('Add metadata key=value when uploading', 'key=value'),
    'modify-window': durationFlag('Max time difference to be considered the same', '1ns'),
    'no-unicode-normalization': toggle("Don't normalize unicode characters in filenames"),
    'no-update-modtime': toggle("Don't update destination mod-time if files identical"),
    'refresh-times': toggle('Refresh the modtime of remote files'),
    'size-only': toggle('Skip based on size only, not mod-time or checksum'),
    'streaming-upload-cutoff': sizeFlag(
      'Hold a stream that ends within so many bytes, to upload it in one request',
      '100Ki',
    ),
    transfers: integerFlag('Number of file transfers to run in parallel', 4),
    update: toggle('Skip files that are newer on the destination', 'u'),
    'use-server-modtime': toggle('Use server modified time instead of object metadata'),
  },
  Sync: {
    'ignore-errors': toggle('Delete even if there are I/O errors'),
    'max-delete': integerFlag('When synchronizing, limit the number of deletes', -1),
  },
  Important: {
    'dry-run': toggle('Do a trial run with no permanent changes', 'n'),
    'error-on-no-transfer': toggle('Sets exit code 9 if no files are transferred, useful in scripts'),
    interactive: toggle('Enable interactive mode', 'i'),
  },
  Listing: {
    checkers: integerFlag('Number of checkers to run in parallel', 8),
    'fast-list': toggle('Use recursive list if available; uses more memory but fewer transactions'),
    'human-readable': toggle('Print sizes with suffix Ki|Mi|Gi|Ti|Pi'),
    'max-depth': integerFlag('If set limits the recursion depth to this', -1),
  },
  Networking: {
    bind: addressFlag('Local address to bind to for outgoing connections'),
    bwlimit: timetableFlag('Bandwidth limit in KiB/s, or use suffix B|K|M|G|T|P or a full timetable'),
    'bwlimit-file': timetableFlag('Bandwidth limit per file in KiB/s, or use suffix B|K|M|G|T|P or a full timetable'),
    'ca-cert': optionalText('CA certificate used to verify servers', { placeholder: 'file' }),
    'client-cert': optionalText('Client SSL certificate (PEM) for mutual TLS auth', { placeholder: 'file' }),
    'client-key': optionalText('Client SSL private key (PEM) for mutual TLS auth', { placeholder: 'file' }),
    contimeout: durationFlag('Connect timeout', '1m0s'),
    header: listFlag('Set HTTP header for all transactions'),
    'header-download': listFlag('Set HTTP header for download transactions'),
    'header-upload': listFlag('Set HTTP header for upload transactions'),
    'low-level-retries': integerFlag('Number of low level retries to do', 10),
    'no-check-certificate': toggle('Do not verify the server TLS certificate (insecure)'),
    retries: integerFlag('Retry operations this many times if they fail', 3),
    'retries-sleep': durationFlag('Interval between retrying operations if they fail', '0s'),
    timeout: durationFlag('IO idle timeout', '5m0s'),
    tpslimit: numberFlag('Limit HTTP transactions per second to this', 0),
    'tpslimit-burst': integerFlag('Max burst of transactions for --tpslimit', 1),
    'user-agent': textFlag('Set the user-agent to a specified string', { initial: 'coffer/0.1.0' }),
  },
  Local: {
    'copy-links': toggle('Follow symlinks and copy the pointed to item', 'L'),
    links: toggle("Translate symlinks to/from regular files with a '.rclonelink' extension", 'l'),
    'one-file-system': toggle("Don't cross filesystem boundaries", 'x'),
    'skip-links': toggle("Don't warn about skipped symlinks"),
  },
  Logging: {
    dump: choicesFlag(`Show what is sent and comes: ${dumpable.join(',')}`, dumpable),
    'dump-bodies': toggle('The same as --dump bodies'),
    'dump-headers': toggle('The same as --dump headers'),
    'log-file': optionalText('Log everything to this file', { placeholder: 'file' }),
    'log-format': textFlag('What stands before each line: date, time, microseconds, UTC, pid, separated by commas', {
      initial: 'date,time',
    }),
    'log-level': optionalText('Log level DEBUG|INFO|NOTICE|ERROR'),
    'log-systemd': toggle('Write each line for the journal of systemd, with its level and without the time'),
    progress: toggle('Show progress during transfer', 'P'),
    'progress-terminal-title': toggle('Show progress on the terminal title (requires -P/--progress)'),
    quiet: toggle('Print as little stuff as possible', 'q'),
    stats: durationFlag('Interval between printing stats, e.g. 500ms, 60s, 5m (0 to disable)', '1m0s'),
    'stats-file-name-length': integerFlag('Max file name length in stats (0 for no limit)', 45),
    'stats-log-level': choiceFlag('Log level to show --stats output', levels, 'INFO'),
    'stats-one-line': toggle('Make the stats fit on one line'),
    'stats-one-line-date': toggle('Enable --stats-one-line and add current date/time prefix'),
    'stats-unit': choiceFlag('Show data rate in stats as either bits or bytes per second', ['bytes', 'bits']),
    'use-json-log': toggle('Use json log format'),
    verbose: count('Print lots more stuff (repeat for more)', 'v'),
  },
  // They steer how rclone works, and never what comes of it: scripts that give them are to run.
  'Without effect, as coffer works another way': {
    'buffer-size': sizeFlag('In memory buffer size when reading files for each --transfer', '16Mi'),
    'disable-http2': toggle('Disable HTTP/2 in the global transport'),
    'fs-cache-expire-duration': durationFlag('Cache remotes for this long (0 to disable caching)', '5m0s'),
    'fs-cache-expire-interval': durationFlag('Interval to check for expired remotes', '1m0s'),
    'max-stats-groups': integerFlag('Maximum number of stats groups to keep in memory', 1000),
    'multi-thread-cutoff': sizeFlag('Use multi-thread downloads for files above this size', '250Mi'),
    'multi-thread-streams': integerFlag('Max number of streams to use for multi-thread downloads', 4),
    'no-gzip-encoding': toggle("Don't set Accept-Encoding: gzip"),
    'server-side-across-configs': toggle('Allow server-side operations (e.g. copy) to work across different configs'),
    'use-mmap': toggle('Use mmap allocator (see docs)'),
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
  ...flagGroups['Without effect, as coffer works another way'],
  help: toggle('Show help', 'h'),
  version: toggle('Print the version number', 'V'),
};

export type GlobalFlags = FlagValues<typeof globalFlags>;
