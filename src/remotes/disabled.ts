import type { OptionalFeature } from '../core/backend.ts';
import type { Remote } from '../core/remote.ts';

/** A store without what is switched off: whoever uses it does that in another way, or cannot. */
export function withoutFeatures(remote: Remote, features: readonly OptionalFeature[]): Remote {
  const rest = { ...remote };
  for (const feature of features) delete rest[feature];
  return rest;
}
