import { shellWord } from '../../core/shell.ts';

/** What the owner of a new shared bucket sends to the project that it is shared with. */
export interface LetterRequest {
  /** The name of the bucket. */
  readonly bucket: string;
  /** What the other project writes for it: `allas,storage_url="…":bucket`. */
  readonly place: string;
  /** Name of the public key that lies in the bucket; null for none. */
  readonly publicKey: string | null;
  readonly type: 'swift' | 's3';
}

/** Exact commands for the data producer, indented to be copied. */
export function producerLetter({ bucket, place, publicKey, type }: LetterRequest): string {
  const remote = place.split(/[,:]/)[0];
  const login = type === 's3' ? 'coffer login --mode S3' : 'coffer login';
  return [
    `Your project can now read and write the bucket ${bucket}.`,
    `Once, with coffer, where ${remote}: is your remote for your own project`,
    `(\`${login}\` makes it):`,
    '',
    `    coffer buckets add ${shellWord(place)}`,
    '',
    ...uploading(bucket, publicKey),
    '',
    'With rclone, and the same remote in its config:',
    '',
    `    rclone copy FILE.c4gh ${shellWord(place)}`,
    '',
  ].join('\n');
}

function uploading(bucket: string, publicKey: string | null): readonly string[] {
  const key = publicKey ?? 'OUR_KEY.pub';
  const fetching = publicKey !== null ? [`    coffer copy ${shellWord(`${bucket}:${key}`)} .`] : [];
  return [
    publicKey === null
      ? 'Encrypt your data with our public key, which we send you, and upload:'
      : 'Encrypt your data with our public key, which lies in the bucket, and upload:',
    '',
    ...fetching,
    `    coffer encrypt FILE --to ${shellWord(key)}`,
    `    coffer copy FILE.c4gh ${shellWord(`${bucket}:`)}`,
  ];
}
