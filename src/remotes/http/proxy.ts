type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy for `origin` (`https://host:port`) by HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or null.
 *  Go's rules (golang.org/x/net/http/httpproxy), as rclone has them: this machine is never asked through a proxy. */
export function proxyFor(origin: string, environment: Environment): string | null {
  const names = origin.startsWith('https:') ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const proxy = firstSet(environment, names);
  if (proxy === '') return null;
  const { hostname, port, protocol } = new URL(origin);
  if (isThisMachine(hostname)) return null;
  const effectivePort = port || (protocol === 'https:' ? '443' : '80');
  const exceptions = firstSet(environment, ['NO_PROXY', 'no_proxy']).split(',');
  if (exceptions.some((entry) => matches(entry.trim().toLowerCase(), hostname, effectivePort))) return null;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function firstSet(environment: Environment, names: readonly string[]): string {
  return names.map((name) => environment[name] ?? '').find((value) => value !== '') ?? '';
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

// `host` also covers the names below it, `.host` only those; a port narrows it.
function matches(entry: string, hostname: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const domain = name.replace(/^\*\./, '.');
  return domain.startsWith('.') ? hostname.endsWith(domain) : hostname === domain || hostname.endsWith(`.${domain}`);
}
