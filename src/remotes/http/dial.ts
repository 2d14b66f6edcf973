import { isIP, connect as netConnect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { timerDelay } from '../../core/timer.ts';
import { networkFailure } from './network-failure.ts';
import { proxyWantsLogin } from './proxy.ts';
import type { TlsSettings } from './tls-settings.ts';

/** The other end of a connection. */
export interface Peer {
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
}

export interface DialOptions {
  /** Milliseconds until there is a connection, TLS included; Infinity for any time. */
  readonly connectTimeout: number;
  readonly tls: TlsSettings;
  /** The address of this machine to start from; empty for any. */
  readonly bindAddress: string;
  /** Of an earlier connection to the same peer, to save work on both sides. */
  readonly session?: Buffer | undefined;
  /** Sees each socket as soon as it begins to connect. */
  onSocket(socket: Socket): void;
}

interface Reading {
  buffer(): Uint8Array;
  callback(length: number, buffer: Uint8Array): boolean;
}

const keepAliveDelay = 60_000;
// Milliseconds for each of several addresses. Node's quarter of a second is less than a way around the world and back may
// take: it gave up the address that answers, for one that this machine cannot reach.
const addressTimeout = 1_000;

export function peerOf({ protocol, hostname, port }: URL): Peer {
  const isEncrypted = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isEncrypted ? 443 : 80), isEncrypted };
}

/** Connects. An unencrypted socket reads by `onread`. Rejects with node's own errors, or a plain
 *  one when it takes too long. */
export function dial({ host, port, isEncrypted }: Peer, options: DialOptions, onread?: Reading): Promise<Socket> {
  const way = {
    ...{ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveDelay },
    autoSelectFamilyAttemptTimeout: addressTimeout,
    ...(options.bindAddress && { localAddress: options.bindAddress, family: isIP(options.bindAddress) }),
  };
  return isEncrypted
    ? connected(tlsConnect({ ...way, ...tlsOptions(host, options) }), 'secureConnect', options)
    : connected(netConnect(onread ? { ...way, onread } : way), 'connect', options);
}

/** Connects to a proxy. Rejects with a Failure that names it: whose request it is has nothing to do with the fault. */
export function dialProxy(proxy: Peer, options: DialOptions, onread?: Reading): Promise<Socket> {
  return dial(proxy, options, onread).catch((error: unknown) => {
    throw networkFailure(error, `${proxy.host}:${proxy.port}, the proxy of HTTP_PROXY or HTTPS_PROXY`);
  });
}

/** Connects to `peer` by way of a proxy's CONNECT. Rejects as `dial` does, and with Failure('denied') where the proxy wants
 *  another login. */
export async function dialThrough(proxy: Peer, authorization: string | null, peer: Peer, options: DialOptions) {
  const socket = await dialProxy(proxy, options);
  const name = `${isIP(peer.host) === 6 ? `[${peer.host}]` : peer.host}:${peer.port}`;
  const login = authorization === null ? '' : `proxy-authorization: ${authorization}\r\n`;
  socket.write(`CONNECT ${name} HTTP/1.1\r\nhost: ${name}\r\n${login}\r\n`, 'latin1');
  const status = await tunnelStatus(socket, options);
  if (status !== '200') {
    socket.destroy();
    if (status === '407') throw proxyWantsLogin();
    throw new Error(`the proxy ${proxy.host} refused the connection (${status})`);
  }
  return connected(tlsConnect({ socket, ...tlsOptions(peer.host, options) }), 'secureConnect', options);
}

/** The status of a proxy's answer to CONNECT, read up to its end. */
function tunnelStatus(socket: Socket, { connectTimeout }: DialOptions): Promise<string> {
  let head = '';
  return inTime(socket, connectTimeout, (resolve) => {
    const onReadable = (): void => {
      // Byte by byte: what stands behind the head is TLS's already.
      for (let byte = socket.read(1); byte !== null; byte = socket.read(1)) {
        head += byte.toString('latin1');
        if (!head.endsWith('\r\n\r\n') && head.length < 65_536) continue;
        socket.off('readable', onReadable);
        resolve(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 'no HTTP');
        return;
      }
    };
    socket.on('readable', onReadable);
  });
}

function tlsOptions(host: string, { tls, session }: DialOptions) {
  return {
    servername: isIP(host) ? '' : host,
    ALPNProtocols: ['http/1.1'],
    ...(session && { session }),
    ...tls,
  };
}

/** For a connection that ended without being asked to. */
export function closed(): Error {
  return new Error('the other side closed the connection');
}

function connected(socket: Socket, event: 'connect' | 'secureConnect', options: DialOptions): Promise<Socket> {
  options.onSocket(socket);
  // Whoever waits for the socket is told by its promise, or by its own listener later.
  socket.on('error', () => {});
  return inTime(socket, options.connectTimeout, (resolve) => socket.once(event, () => resolve(socket)));
}

/** What `begin` resolves with, unless the socket fails or closes first, or the time is over. */
function inTime<T>(socket: Socket, timeout: number, begin: (resolve: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => socket.destroy(new Error('no connection within --contimeout'));
    const timer = timeout > 0 ? setTimeout(late, timerDelay(timeout)) : undefined;
    const onClose = () => settle(() => reject(closed()));
    const onError = (error: Error) => settle(() => reject(error));
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      socket.off('close', onClose);
      socket.off('error', onError);
      act();
    };
    socket.once('close', onClose);
    socket.once('error', onError);
    begin((value) => settle(() => resolve(value)));
  });
}
