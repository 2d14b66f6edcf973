import type { OpenEnvironment, TransportSettings } from '../../../src/core/backend.ts';
import type { OptionSpec } from '../../../src/core/options.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { type Report, silentReport } from '../../../src/core/report.ts';
import { options, type S3Options } from '../../../src/remotes/s3/options.ts';
import { backend } from '../../../src/remotes/s3/s3.ts';
import type { Section } from '../../servers/remotes.ts';
import { transportSettings } from '../settings.ts';

export const settings: TransportSettings = { ...transportSettings, lowLevelRetries: 10 };

export interface Surroundings {
  readonly settings?: Partial<TransportSettings>;
  readonly report?: Report;
  readonly environment?: OpenEnvironment['environment'];
}

/** Opens the remote that a section of an rclone.conf describes. */
export async function openS3(section: Section, surroundings: Surroundings = {}): Promise<Remote> {
  const { remote } = await backend.open(parseOptions(section), {
    name: 'store',
    location: () => Promise.reject(new Error('an S3 remote stands on no other')),
    report: surroundings.report ?? silentReport,
    environment: surroundings.environment ?? {},
    settings: { ...settings, ...surroundings.settings },
  });
  return remote;
}

export function parseOptions(section: Section): S3Options {
  const specs: Readonly<Record<string, OptionSpec<unknown>>> = options;
  const values = Object.entries(specs).map(([name, spec]) => [name, spec.parse(section[name] ?? spec.default)]);
  return Object.fromEntries(values) as S3Options;
}

let made = 0;

/** A bucket name that nothing else in this run uses. */
export function freshBucket(): string {
  return `s3-${process.pid}-${Date.now().toString(36)}-${made++}`;
}
