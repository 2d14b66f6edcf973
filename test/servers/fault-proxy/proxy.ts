import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { spoil } from './body.ts';
import { makePicker, type Rule } from './rules.ts';

export interface Stats {
  /** Each request that came, `METHOD /path?query`. */
  readonly requests: readonly string[];
  /** Those that a rule befell. */
  readonly faults: readonly string[];
}

export interface FaultProxy extends AsyncDisposable {
  /** `http://127.0.0.1:port`, https with a certificate. */
  readonly url: string;
  /** Replaces the rules; their counts start anew. */
  setRules(rules: readonly Rule[]): void;
  /** Since the last `setRules`. */
  stats(): Stats;
}

export interface FaultProxyOptions {
  readonly rules?: readonly Rule[];
  /** PEM texts: clients then speak TLS to it. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A proxy before `target` (`http://127.0.0.1:port`) that breaks on demand. It keeps Host and the headers' order and case, so
 *  that S3 signatures hold. It runs in this process: clients must not block it (no spawnSync). */
export async function startFaultProxy(target: string, options: FaultProxyOptions = {}): Promise<FaultProxy> {
  let pick = makePicker(options.rules ?? []);
  let requests: string[] = [];
  let faults: string[] = [];
  const agent = new http.Agent({ keepAlive: true });
  const onRequest = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const line = `${request.method} ${request.url}`;
    const rule = pick(line);
    requests.push(line);
    if (rule !== null) faults.push(line);
    request.on('error', () => {});
    response.on('error', () => {});
    void forward(request, response, { rule: rule ?? {}, target, agent });
  };
  const settings = { keepAliveTimeout: 300_000, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 131_072 };
  const server = options.tls
    ? https.createServer({ ...settings, ...options.tls }, onRequest)
    : http.createServer(settings, onRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    setRules(rules) {
      pick = makePicker(rules);
      requests = [];
      faults = [];
    },
    stats: () => ({ requests, faults }),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Forward {
  readonly rule: Rule;
  readonly target: string;
  readonly agent: http.Agent;
}

async function forward(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { rule, target, agent }: Forward,
): Promise<void> {
  if (rule.delay !== undefined) await sleep(rule.delay);
  const { status } = rule;
  if (status !== undefined) {
    request.resume();
    if (!request.complete) await once(request, 'end').catch(() => {});
    answer(response, status, rule);
    return;
  }
  const { hostname, port } = new URL(target);
  const { method, url: path } = request;
  const upstream = http.request({
    ...{ hostname, port, method, path, agent, setHost: false },
    headers: endToEnd(request.rawHeaders),
  });
  const resetBoth = (): void => {
    reset(upstream.socket);
    upstream.destroy();
    reset(request.socket);
  };
  let answered = false;
  upstream.on('error', () => {
    // Swift's S3 with Keystone ends an error to HEAD with stray bytes
    if (!answered) reset(request.socket);
  });
  upstream.on('response', (incoming) => {
    answered = true;
    if (rule.statusAfter === undefined) return giveBack(incoming, response, rule);
    incoming.resume();
    answer(response, rule.statusAfter, rule);
  });
  response.on('close', () => {
    if (!response.writableFinished) upstream.destroy();
  });
  if (rule.resetUp === 0) {
    resetBoth();
    return;
  }
  const faults = { corrupt: rule.corruptUp, stall: rule.stallUp, cut: rule.resetUp, speed: rule.speedUp };
  pipeline(request, spoil(faults, resetBoth), upstream, () => {});
}

function giveBack(incoming: http.IncomingMessage, response: http.ServerResponse, rule: Rule): void {
  const socket = response.socket;
  const cutOff = (): void => {
    incoming.destroy();
    if (rule.closeDown === undefined) reset(socket);
    else socket?.end();
  };
  if (rule.resetDown === 0) {
    cutOff();
    return;
  }
  // An answer without a body could not be held back later.
  if (rule.stallDown === 0) {
    incoming.resume();
    return;
  }
  response.writeHead(incoming.statusCode ?? 0, incoming.statusMessage, endToEnd(incoming.rawHeaders));
  if (rule.closeDown === 0) {
    response.flushHeaders();
    setTimeout(cutOff, 20);
    return;
  }
  const cut = rule.resetDown ?? rule.closeDown;
  const faults = { corrupt: rule.corruptDown, stall: rule.stallDown, cut, speed: rule.speedDown };
  pipeline(incoming, spoil(faults, cutOff), response, (error) => {
    if (error && cut === undefined) reset(socket);
  });
}

function answer(response: http.ServerResponse, status: number, { headers }: Rule): void {
  const body = `fault ${status}\n`;
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': body.length, ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Over TLS there is no RST to be had: an abrupt close. */
function reset(socket: Socket | null): void {
  if (socket === null || socket.destroyed) return;
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Raw headers, name and value in turn, without those that concern one connection only. */
function endToEnd(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const [name = '', value = ''] = raw.slice(i, i + 2);
    if (!/^(connection|keep-alive|proxy-connection)$/i.test(name)) kept.push(name, value);
  }
  return kept;
}
