import type { Report } from '../../core/report.ts';
import { createEndpoint, type Endpoint } from './endpoint.ts';
import { type Fault, isElsewhere } from './faults.ts';
import { createSigner, type Signer } from './sigv4.ts';

/** How the requests about a bucket are addressed and signed. */
export interface Region {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly sign: Signer;
}

export interface Regions {
  /** That of a bucket, as far as it is known. */
  of(bucket: string): Region;
  /** Takes from a fault that was met in the region `asked` where the bucket is. False where that is nothing new. */
  learn(bucket: string, asked: Region, fault: Fault): boolean;
}

/** Buckets are looked for in the region `usual` until the store names theirs. An `address` that the user gave stays; without
 *  one AWS is asked at the region's own. */
export function createRegions(address: string, usual: string, pathStyle: boolean, report: Report): Regions {
  const create = (name: string): Region => ({
    name,
    endpoint: createEndpoint(address, name, pathStyle),
    sign: createSigner(name),
  });
  const first = create(usual);
  const found = new Map<string, Region>();
  return {
    of: (bucket) => found.get(bucket) ?? first,
    learn(bucket, asked, fault) {
      // What a store names becomes part of a host's name.
      if (!isElsewhere(fault) || !/^[a-z\d-]+$/.test(fault.region) || fault.region === asked.name) return false;
      if (found.get(bucket)?.name === fault.region) return true;
      report.notice(bucket, `its region is ${fault.region}, not ${asked.name}: set region = ${fault.region}`);
      found.set(bucket, create(fault.region));
      return true;
    },
  };
}
