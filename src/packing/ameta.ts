import { oneLine } from './file-listing.ts';

/** What stands beside an object and tells where it came from: the Allas tools' `_ameta`. */
export interface Ameta {
  readonly user: string;
  readonly host: string;
  readonly hostName: string;
  /** As it was given on the command line. */
  readonly input: string;
  /** Absolute. */
  readonly originalLocation: string;
  readonly protocol: string;
  readonly compression: string;
  /** '' for none. */
  readonly encryption: string;
  /** Whether it was sealed to CSC's key too. */
  readonly isForSdConnect: boolean;
  /** The user's own words; '' for none. */
  readonly note: string;
  /** A line of `ls -l` for each file, or one that says why there are none. */
  readonly listing: readonly string[];
}

/** The text as a-put writes it, field by field, with its two blanks at the ends of lines. */
export function formatAmeta(ameta: Ameta): string {
  const lines = [
    `user: ${ameta.user}`,
    `host: ${ameta.host}`,
    `host_name: ${ameta.hostName}`,
    `input: ${ameta.input}`,
    `original_location: ${ameta.originalLocation} `,
    ameta.protocol === 'swift' ? 'protocol: swift' : `protocol: ${ameta.protocol} `,
    `compression: ${ameta.compression}`,
    ...(ameta.encryption === '' ? [] : [`encryption: ${ameta.encryption}`]),
    ...(ameta.isForSdConnect ? ['sd_connect: yes'] : []),
    ...(ameta.note === '' ? [] : [`Note: ${ameta.note}`]),
  ].map(oneLine);
  return [...lines, ...ameta.listing].map((line) => `${line}\n`).join('');
}

const keys = new Map<string, keyof Ameta>([
  ['user', 'user'],
  ['host', 'host'],
  ['host_name', 'hostName'],
  ['input', 'input'],
  ['original_location', 'originalLocation'],
  ['protocol', 'protocol'],
  ['compression', 'compression'],
  ['encryption', 'encryption'],
  ['Note', 'note'],
]);

/** Reads what any of the Allas tools wrote; what it lacks is ''. */
export function parseAmeta(text: string): Ameta {
  const values: Partial<Record<keyof Ameta, string>> = {};
  const lines = text.split('\n');
  let fields = 0;
  let isForSdConnect = false;
  for (const line of lines) {
    const [, key = '', value = ''] = /^([A-Za-z_-]+): ?(.*)$/.exec(line) ?? [];
    if (key === '' || /^[-dlbcps][-rwxsStT]{9}/.test(line)) break;
    fields++;
    const name = keys.get(key);
    if (name) values[name] = value.replace(/ $/, '');
    isForSdConnect ||= key === 'sd_connect' && value === 'yes';
  }
  const empty = { user: '', host: '', hostName: '', input: '', originalLocation: '', protocol: '' };
  const rest = { compression: '', encryption: '', note: '' };
  const listing = lines.slice(fields).filter((line) => line !== '');
  return { ...empty, ...rest, ...values, isForSdConnect, listing };
}
