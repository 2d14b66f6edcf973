/** What an option of a remote means to a share:
 *  `setting`: every site needs the same, and may see it;
 *  `address`: so, and where requests and the login go;
 *  `secret`: every site needs the same, shown to nobody;
 *  `credential`: one's own way into the store, shared only when that is asked for. */
export type OptionRole = 'setting' | 'address' | 'secret' | 'credential';

// An option that is not here never leaves the maker's config and never enters another: it may be a secret, run a
// command (password_command), read a file of the machine (shared_credentials_file), or be a matter of taste.
const roles: Readonly<Record<string, Readonly<Record<string, OptionRole>>>> = {
  alias: {},
  crypt: {
    filename_encryption: 'setting',
    directory_name_encryption: 'setting',
    filename_encoding: 'setting',
    suffix: 'setting',
    no_data_encryption: 'setting',
    password: 'secret',
    password2: 'secret',
    previous_password: 'secret',
    previous_password2: 'secret',
  },
  swift: {
    env_auth: 'setting',
    auth: 'address',
    auth_version: 'setting',
    domain: 'setting',
    tenant: 'setting',
    tenant_id: 'setting',
    tenant_domain: 'setting',
    region: 'setting',
    endpoint_type: 'setting',
    storage_url: 'address',
    storage_policy: 'setting',
    use_segments_container: 'setting',
    encoding: 'setting',
    user: 'credential',
    user_id: 'credential',
    key: 'credential',
    auth_token: 'credential',
    application_credential_id: 'credential',
    application_credential_name: 'credential',
    application_credential_secret: 'credential',
  },
  s3: {
    env_auth: 'setting',
    provider: 'setting',
    endpoint: 'address',
    region: 'setting',
    location_constraint: 'setting',
    acl: 'setting',
    bucket_acl: 'setting',
    requester_pays: 'setting',
    server_side_encryption: 'setting',
    storage_class: 'setting',
    force_path_style: 'setting',
    list_version: 'setting',
    list_url_encode: 'setting',
    no_check_bucket: 'setting',
    use_multipart_etag: 'setting',
    directory_markers: 'setting',
    encoding: 'setting',
    access_key_id: 'credential',
    secret_access_key: 'credential',
    session_token: 'credential',
    sse_customer_algorithm: 'credential',
    sse_customer_key: 'credential',
    sse_customer_key_base64: 'credential',
    sse_customer_key_md5: 'credential',
  },
};

const layers = new Set(['alias', 'crypt']);

/** Option → role for a type that coffer knows; null for any other. */
export function optionRoles(type: string): ReadonlyMap<string, OptionRole> | null {
  return Object.hasOwn(roles, type) ? new Map(Object.entries(roles[type] ?? {})) : null;
}

/** Whether a remote of this type stands on another. */
export function isLayer(type: string): boolean {
  return layers.has(type);
}

/** Whether it holds a login to the store. */
export function hasCredentials({
  type,
  options,
}: {
  readonly type: string;
  readonly options: ReadonlyMap<string, string>;
}): boolean {
  const own = optionRoles(type);
  return [...options.keys()].some((option) => own?.get(option) === 'credential');
}

/** Whether a login that a site keeps in its environment would go to an address that somebody else chose. */
export function sendsLoginElsewhere(type: string, options: ReadonlyMap<string, string>): boolean {
  const own = optionRoles(type);
  return options.has('env_auth') && [...options.keys()].some((option) => own?.get(option) === 'address');
}
