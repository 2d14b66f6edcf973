import type { Report } from '../../core/report.ts';
import type { S3Options } from './options.ts';

/** Where a service differs from AWS. Absent means: as AWS. */
interface Quirks {
  /** Knows only the first version of ListObjects. */
  readonly listV1?: boolean;
  /** Buckets stand in the path of an address. */
  readonly pathStyle?: boolean;
  /** Percent-encoding of listings is missing or wrong. */
  readonly plainListings?: boolean;
  /** The ETag of an object made of parts is not the usual MD5 of MD5s. */
  readonly ownMultipartEtags?: boolean;
  /** The ETag of a part is not its MD5. */
  readonly opaquePartEtags?: boolean;
  readonly mostParts?: number;
  readonly smallestChunk?: number;
}

const other: Quirks = { listV1: true, pathStyle: true, plainListings: true, ownMultipartEtags: true };

/** rclone's providers and their quirks (setQuirks of its backend/s3), so that a config means the same in both. */
const providers: Readonly<Record<string, Quirks>> = {
  AWS: {},
  Alibaba: { ownMultipartEtags: true },
  ArvanCloud: { listV1: true, pathStyle: true, plainListings: true },
  Ceph: { listV1: true, pathStyle: true, plainListings: true },
  ChinaMobile: { listV1: true, pathStyle: true, plainListings: true },
  Cloudflare: { pathStyle: true, ownMultipartEtags: true, opaquePartEtags: true },
  DigitalOcean: { plainListings: true },
  Dreamhost: { plainListings: true },
  HuaweiOBS: { listV1: true, plainListings: true },
  IBMCOS: other,
  IDrive: { pathStyle: true },
  IONOS: { pathStyle: true, plainListings: true },
  LyveCloud: { ownMultipartEtags: true },
  Minio: { pathStyle: true },
  Netease: { listV1: true, plainListings: true, ownMultipartEtags: true },
  Qiniu: { plainListings: true, ownMultipartEtags: true },
  RackCorp: { ownMultipartEtags: true },
  Scaleway: { plainListings: true, mostParts: 1000 },
  SeaweedFS: other,
  StackPath: { listV1: true, pathStyle: true, plainListings: true },
  Storj: { smallestChunk: 64 << 20 },
  TencentCOS: { listV1: true, ownMultipartEtags: true },
  Wasabi: {},
  Other: other,
};

/** How to speak to this service: the options where they say so, else by the provider. */
export interface Dialect {
  readonly pathStyle: boolean;
  readonly listVersion: 1 | 2;
  readonly encodedListings: boolean;
  /** The ETag of an object made of parts can be foretold. */
  readonly multipartEtags: boolean;
  readonly partEtags: boolean;
  /** Bytes. */
  readonly chunkSize: number;
  readonly mostParts: number;
}

const mostPartsOfS3 = 10_000;

export function dialectOf(given: S3Options, report: Report, subject: string): Dialect {
  const known = providers[given.provider];
  if (!known) report.notice(subject, `the S3 provider "${given.provider}" is not known: it is taken for "Other"`);
  const quirks = known ?? other;
  return {
    // As in rclone the option cannot turn path style on for a provider that does without.
    pathStyle: given.force_path_style && quirks.pathStyle === true,
    listVersion: given.list_version === 0 ? (quirks.listV1 ? 1 : 2) : given.list_version === 1 ? 1 : 2,
    encodedListings: given.list_url_encode ?? !quirks.plainListings,
    multipartEtags: given.use_multipart_etag ?? !quirks.ownMultipartEtags,
    partEtags: !quirks.opaquePartEtags,
    chunkSize: Math.max(given.chunk_size, quirks.smallestChunk ?? 0),
    mostParts: Math.min(Math.max(1, given.max_upload_parts), quirks.mostParts ?? mostPartsOfS3, mostPartsOfS3),
  };
}
