import { messageOf } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import type { Service } from './service.ts';

/** What the cluster says about itself at /info. */
export interface Capabilities {
  /** Static large objects that clients can manage: written, read back and taken apart. */
  readonly hasStaticLargeObjects: boolean;
  /** Most segments of one of them. */
  readonly mostSegments: number;
  /** Bytes of their smallest segment, but for the last. */
  readonly smallestSegment: number;
  /** Bytes of the largest single object. */
  readonly largestObject: number;
  /** Objects that one request deletes; 0 where each needs its own. */
  readonly bulkDeletes: number;
  /** True where an object belongs to the account that put it, whoever's container it is in (radosgw). */
  readonly uploaderOwns: boolean;
}

interface Info {
  readonly swift?: { readonly max_file_size?: number };
  readonly slo?: {
    readonly max_manifest_segments?: number;
    readonly max_manifest_size?: number;
    readonly min_segment_size?: number;
  };
  readonly bulk_delete?: { readonly max_deletes_per_request?: number };
}

const fiveGiB = 5 * 2 ** 30;
const mostBulkDeletes = 1000;

/** Without an /info a cluster counts as one that has only what every Swift has. */
export async function readCapabilities(service: Service, report: Report): Promise<Capabilities> {
  const info = await readInfo(service, report);
  // Only Swift states the size of a manifest.
  const isRadosgw = info.slo?.max_manifest_size === undefined;
  return {
    // radosgw has an "slo" too, but never gives a manifest back: neither we nor rclone could remove its segments.
    hasStaticLargeObjects: !isRadosgw,
    mostSegments: info.slo?.max_manifest_segments ?? 1000,
    smallestSegment: info.slo?.min_segment_size ?? 1,
    largestObject: info.swift?.max_file_size ?? fiveGiB,
    bulkDeletes: info.bulk_delete
      ? Math.min(mostBulkDeletes, info.bulk_delete.max_deletes_per_request ?? mostBulkDeletes)
      : 0,
    uploaderOwns: isRadosgw,
  };
}

async function readInfo(service: Service, report: Report): Promise<Info> {
  try {
    const storageUrl = await service.storageUrl();
    const response = await service.fetch(storageUrl.replace(/\/v1(\/[^/]*)?$/, '/info'));
    const text = await response.text();
    return response.status === 200 ? (JSON.parse(text) as Info) : {};
  } catch (error) {
    report.debug('', `the cluster tells nothing about itself: ${messageOf(error)}`);
    return {};
  }
}
