import type { TransportSettings } from '../../core/backend.ts';
import type { Report } from '../../core/report.ts';
import type { PathEncoder } from '../../formats/rclone-encoder.ts';
import type { Capabilities } from './capabilities.ts';
import type { Containers } from './containers.ts';
import type { SwiftOptions } from './options.ts';
import type { Service } from './service.ts';

/** What every operation on an open Swift remote works with. */
export interface Store {
  readonly label: string;
  readonly service: Service;
  readonly containers: Containers;
  readonly encoder: PathEncoder;
  readonly options: SwiftOptions;
  readonly settings: TransportSettings;
  readonly report: Report;
  /** The account of a version 1 login; null with Keystone, whose projects have ids. */
  readonly account: string | null;
  /** The project that the login names, by its name. */
  readonly projectName: string | null;
  /** Asks the cluster once. */
  capabilities(signal?: AbortSignal): Promise<Capabilities>;
}
