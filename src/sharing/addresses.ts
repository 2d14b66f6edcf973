/** The URL of an `auth`, `storage_url` or `endpoint`, where S3 lets the scheme be left out; null for anything else. */
export function parseAddress(value: string): URL | null {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : null;
}

/** Whether an address may carry a login: `https://user:password@host`, a token in its query. */
export function hasLogin(value: string): boolean {
  const url = parseAddress(value);
  return url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '';
}
