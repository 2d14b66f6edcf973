import type { OpenEnvironment } from '../../../src/core/backend.ts';
import type { ListAhead, Location, Remote } from '../../../src/core/remote.ts';
import { type Report, silentReport } from '../../../src/core/report.ts';
import { backend } from '../../../src/remotes/crypt/crypt.ts';
import { type CryptOptions, options } from '../../../src/remotes/crypt/options.ts';

/** Every option at its default. */
const defaults = Object.fromEntries(
  Object.entries(options).map(([name, spec]) => [name, spec.parse(spec.default)]),
) as unknown as CryptOptions;

/** A crypt remote named `secret` over `base`, opened as the config would open it. */
export async function cryptOver(
  base: Location,
  own: Partial<CryptOptions> = {},
  report: Report = silentReport,
  ahead: ListAhead | null = null,
): Promise<Remote> {
  const environment: OpenEnvironment = {
    name: 'secret',
    location: async () => base,
    ahead,
    report,
    environment: { HOME: process.env.HOME },
    settings: {} as OpenEnvironment['settings'],
  };
  const { remote } = await backend.open({ ...defaults, remote: 'base:', password: 'potato', ...own }, environment);
  return remote;
}
