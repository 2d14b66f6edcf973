import { isObject, parseObject } from '../../core/json.ts';
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
  /** True where an object belongs to the account that put it, even in another account's container (radosgw). */
  readonly uploaderOwns: boolean;
}

const fiveGiB = 5 * 2 ** 30;
const mostBulkDeletes = 1000;

/** Without an /info a cluster counts as one that has only what every Swift has. Throws Failure where it cannot be asked. */
export async function readCapabilities(service: Service, report: Report): Promise<Capabilities> {
  const info = await readInfo(service, report);
  const [swift, slo, bulkDelete] = [info.swift, info.slo, info.bulk_delete].map((part) =>
    isObject(part) ? part : null,
  );
  // Only Swift states the size of a manifest.
  const isRadosgw = slo?.max_manifest_size === undefined;
  return {
    // radosgw has an "slo" too, but never gives a manifest back: neither we nor rclone could remove its segments.
    hasStaticLargeObjects: !isRadosgw,
    mostSegments: positiveOr(1000, slo?.max_manifest_segments),
    smallestSegment: positiveOr(1, slo?.min_segment_size),
    largestObject: positiveOr(fiveGiB, swift?.max_file_size),
    bulkDeletes: bulkDelete
      ? Math.min(mostBulkDeletes, positiveOr(mostBulkDeletes, bulkDelete.max_deletes_per_request))
      : 0,
    uploaderOwns: isRadosgw,
  };
}

function positiveOr(otherwise: number, stated: unknown): number {
  return Number.isSafeInteger(stated) && Number(stated) > 0 ? Number(stated) : otherwise;
}

async function readInfo(service: Service, report: Report): Promise<Readonly<Record<string, unknown>>> {
  const storageUrl = await service.storageUrl();
  const { status, text } = await service.fetch(storageUrl.replace(/\/v1(\/[^/]*)?$/, '/info'));
  const info = status === 200 ? parseObject(text) : null;
  if (!info) report.debug('', `the cluster tells nothing about itself: it answers ${status}`);
  return info ?? {};
}
