import { flag, integer, type OptionSpec, type Options, parseFlag, size, text } from '../../core/options.ts';

const advanced = { advanced: true };

/** Empty leaves it to the program. */
function tristate(help: string): OptionSpec<boolean | null> {
  return { ...text(help, advanced), kind: 'text', parse: (value) => (value === '' ? null : parseFlag(value)) };
}

/** rclone's options of a Swift remote, by its names and with its defaults. */
export const options = {
  env_auth: flag('Take the login from the environment (OS_* or ST_*), as allas-conf and openrc files set it.', {
    examples: [
      { value: 'false', help: 'The login is in this config' },
      { value: 'true', help: 'Options that are empty here come from the environment' },
    ],
  }),
  user: text('User name (OS_USERNAME); account:user for v1.'),
  key: text('Password or API key (OS_PASSWORD).'),
  auth: text('Address of the login service (OS_AUTH_URL).', {
    // Those of rclone have its numbers.
    examples: [
      { value: 'https://auth.api.rackspacecloud.com/v1.0', help: 'Rackspace US' },
      { value: 'https://lon.auth.api.rackspacecloud.com/v1.0', help: 'Rackspace UK' },
      { value: 'https://identity.api.rackspacecloud.com/v2.0', help: 'Rackspace v2' },
      { value: 'https://auth.storage.memset.com/v1.0', help: 'Memset Memstore UK' },
      { value: 'https://auth.storage.memset.com/v2.0', help: 'Memset Memstore UK v2' },
      { value: 'https://auth.cloud.ovh.net/v3', help: 'OVH' },
      { value: 'https://pouta.csc.fi:5001/v3', help: 'CSC Allas' },
    ],
  }),
  user_id: text('User id instead of a name, v3 (OS_USER_ID).'),
  domain: text('Domain of the user, v3 (OS_USER_DOMAIN_NAME).'),
  tenant: text('Project, once called tenant, v2 and v3 (OS_PROJECT_NAME or OS_TENANT_NAME).'),
  tenant_id: text('Id of the project instead of its name (OS_PROJECT_ID or OS_TENANT_ID).'),
  tenant_domain: text('Domain of the project, v3 (OS_PROJECT_DOMAIN_NAME).'),
  region: text('Region, where the catalogue has several (OS_REGION_NAME).'),
  storage_url: text('Address of the storage; the login names it when empty (OS_STORAGE_URL).'),
  auth_token: text('Token of a login made elsewhere (OS_AUTH_TOKEN).'),
  application_credential_id: text('Id of an application credential, v3 (OS_APPLICATION_CREDENTIAL_ID).'),
  application_credential_name: text('Name of an application credential, v3 (OS_APPLICATION_CREDENTIAL_NAME).'),
  application_credential_secret: text('Its secret (OS_APPLICATION_CREDENTIAL_SECRET).'),
  auth_version: integer('Version of the login, 1, 2 or 3; 0 sees it from the address (ST_AUTH_VERSION).'),
  endpoint_type: text('Which of the addresses in the catalogue (OS_ENDPOINT_TYPE).', {
    default: 'public',
    examples: [
      { value: 'public', help: 'From anywhere' },
      { value: 'internal', help: "From the provider's own network" },
      { value: 'admin', help: 'For administrators' },
    ],
  }),
  leave_parts_on_error: flag('Leave the segments of a failed upload in the store.', advanced),
  storage_policy: text('Storage policy of new containers; empty is the default one.', {
    examples: [
      { value: '', help: 'Default' },
      { value: 'pcs', help: 'OVH Public Cloud Storage' },
      { value: 'pca', help: 'OVH Public Cloud Archive' },
    ],
  }),
  chunk_size: size('Files over this size go up in segments; 5Gi is the most that Swift takes in one piece.', {
    default: '5Gi',
    ...advanced,
  }),
  no_chunk: flag('Do not cut streams of unknown size into segments: they may then have 5 GiB at most.', advanced),
  no_large_objects: flag(
    'Promise that there are and will be no segmented objects here: saves requests. If that is wrong, segments are left over.',
    advanced,
  ),
  use_segments_container: tristate(
    'Keep segments in a container of their own, <container>_segments (true or empty), or below .file-segments/ (false).',
  ),
  encoding: text('How names are changed that the store cannot hold.', { default: 'Slash,InvalidUtf8', ...advanced }),
} as const;

export type SwiftOptions = Options<typeof options>;
