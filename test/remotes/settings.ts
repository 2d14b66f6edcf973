import type { TransportSettings } from '../../src/core/backend.ts';

/** What a run without flags of its own says of the network, with the patience of a test. */
export const transportSettings: TransportSettings = {
  lowLevelRetries: 3,
  checkers: 8,
  transfers: 4,
  connectTimeout: 5000,
  timeout: 20_000,
  caCert: undefined,
  clientCert: undefined,
  clientKey: undefined,
  insecureTls: false,
  userAgent: 'coffer/test',
  links: 'skip',
  oneFileSystem: false,
  usesServerTimes: false,
  bandwidth: null,
  turns: null,
  headers: { every: {}, upload: {}, download: {} },
  bindAddress: '',
  disabled: [],
  dump: null,
};
