import type { TransportSettings } from '../../../src/core/backend.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Options } from '../../../src/core/options.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { type Report, silentReport } from '../../../src/core/report.ts';
import { backend } from '../../../src/remotes/swift/swift.ts';
import { transportSettings } from '../settings.ts';

type Spec = typeof backend.options;

export interface OpenOptions {
  readonly settings?: Partial<TransportSettings>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly report?: Report;
}

export const testSettings: TransportSettings = { ...transportSettings, lowLevelRetries: 5, timeout: 60_000 };

/** A Swift remote from a section of an rclone.conf. */
export async function openSwift(section: Readonly<Record<string, string>>, given: OpenOptions = {}): Promise<Remote> {
  const { remote } = await backend.open(parseSection(section), {
    name: 'lab',
    location: () => {
      throw new Failure('usage', 'a Swift remote stands on no other');
    },
    report: given.report ?? silentReport,
    environment: given.environment ?? {},
    settings: { ...testSettings, ...given.settings },
  });
  return remote;
}

/** The options, as they would be read from a config. */
export function parseSection(section: Readonly<Record<string, string>>): Options<Spec> {
  const entries = Object.entries(backend.options).map(([name, spec]) => [
    name,
    spec.parse(section[name] ?? spec.default),
  ]);
  return Object.fromEntries(entries) as Options<Spec>;
}
