import { BlockList, isIP } from 'node:net';
import { Failure } from '../../core/failure.ts';

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

export interface ProxyServer {
  readonly url: URL;
  /** For `proxy-authorization`. */
  readonly login: string | null;
}

/** Throws Failure('usage') for what is no proxy that we can use. The address, which may hold a password, is not named. */
export function parseProxy(address: string): ProxyServer {
  try {
    const url = new URL(address);
    if (/^https?:$/.test(url.protocol)) return { url, login: loginOf(url) };
  } catch {
    // Neither an address nor one that names a password as it must be written.
  }
  throw new Failure(
    'usage',
    'HTTP_PROXY or HTTPS_PROXY is not the address of a proxy: write it like http://name:password@host:3128, a % as %25',
  );
}

function loginOf({ username, password }: URL): string | null {
  if (username === '') return null;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(login).toString('base64')}`;
}

/** For a proxy that answers 407. */
export function proxyWantsLogin(): Failure {
  return new Failure(
    'denied',
    'the proxy does not take the name and password: set them in HTTP_PROXY or HTTPS_PROXY like http://name:password@host:3128',
  );
}

function firstSet(environment: Environment, names: readonly string[]): string {
  return names.map((name) => environment[name] ?? '').find((value) => value !== '') ?? '';
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

// `host` also covers the names below it, `.host` only those; a port narrows it. Addresses may be whole networks.
function matches(entry: string, hostname: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const [network = '', bits] = entry.split('/');
  if (isIP(network)) return isInNetwork(hostname.replace(/^\[|\]$/g, ''), network, bits);
  const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const domain = name.replace(/^\*\./, '.');
  return domain.startsWith('.') ? hostname.endsWith(domain) : hostname === domain || hostname.endsWith(`.${domain}`);
}

function isInNetwork(address: string, network: string, bits: string | undefined): boolean {
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const longest = family === 'ipv6' ? 128 : 32;
  const length = bits === undefined ? longest : Number(bits);
  if (isIP(address) !== isIP(network) || !Number.isInteger(length) || length < 0 || length > longest) return false;
  const list = new BlockList();
  list.addSubnet(network, length, family);
  return list.check(address, family);
}
