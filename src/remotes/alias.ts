import type { Backend } from '../core/backend.ts';
import { type OptionSpecs, text } from '../core/options.ts';

const options = {
  remote: text('Remote or path to alias: "myremote:path/to/dir", "myremote:bucket", "myremote:" or "/local/path".', {
    required: true,
  }),
} as const satisfies OptionSpecs;

/** A name for a place in another remote. It opens to that place itself, so the two are the same store. */
export const backend: Backend<typeof options> = {
  type: 'alias',
  description: 'Alias for an existing remote',
  options,
  open: ({ remote }, env) => env.location(remote),
};
