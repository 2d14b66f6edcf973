/** A site that is known by name. */
export interface Preset {
  /** Keystone's address, with its version. */
  readonly authUrl: string;
  /** Where its S3 is, as it stands in a config. */
  readonly s3Endpoint: string;
  /** The domain of its users. */
  readonly userDomain: string;
}

/** The name of a site is also that of the remote which a login writes. */
export const presets: ReadonlyMap<string, Preset> = new Map([
  // As allas_conf of CSCfi/allas-cli-utils sets it up.
  ['allas', { authUrl: 'https://pouta.csc.fi:5001/v3', s3Endpoint: 'a3s.fi', userDomain: 'Default' }],
]);
