import { type LocalSettings, options } from '../../../src/remotes/local/options.ts';

/** Those of a local remote without any option. */
export const defaultSettings: LocalSettings = {
  links: 'skip',
  encoding: options.encoding.default,
  normalizesUnicode: false,
  checksUpdates: true,
  setsModified: true,
  staysOnFileSystem: false,
};
