import type { Backend, OpenEnvironment } from '../../core/backend.ts';
import { Failure } from '../../core/failure.ts';
import type { Call, Features, Remote, Usage } from '../../core/remote.ts';
import { formatSize } from '../../core/size.ts';
import { createEncoder } from '../../formats/rclone-encoder.ts';
import { unlessAborted } from '../http/aborts.ts';
import { createHttpClient, type HttpClient } from '../http/client.ts';
import { statedSize } from '../http/stated-size.ts';
import { controlOf } from './access.ts';
import { type Capabilities, readCapabilities } from './capabilities.ts';
import { createContainers } from './containers.ts';
import { copyFile } from './copy.ts';
import { readCredentials } from './credentials.ts';
import { listFolder, walkFolder } from './listing.ts';
import { logIn, loginVersion } from './login.ts';
import { attributeRoom, changeMetadata, fileEntry, lookUpFile, mtimeHeader, withAttributes } from './object.ts';
import { options, type SwiftOptions } from './options.ts';
import { openFile, readFile } from './read.ts';
import { purgeFolder, removeContainer, removeFile } from './remove.ts';
import { replaceStart } from './replace-start.ts';
import { createService } from './service.ts';
import { createSession } from './session.ts';
import type { Store } from './store.ts';
import { fileTarget, requireShort, targetOf } from './target.ts';
import { writeFile } from './write.ts';

const smallestChunk = 1024;

export const backend: Backend<typeof options> = {
  type: 'swift',
  description: 'OpenStack Swift (CSC Allas, Ceph Object Gateway, OVH)',
  options,
  async open(given, env) {
    const http = createHttpClient(env.settings, env.environment);
    return { remote: createRemote(createStore(given, env, http), http), path: '' };
  },
};

function createStore(given: SwiftOptions, env: OpenEnvironment, http: HttpClient): Store {
  const label = `${env.name}:`;
  const { settings, report } = env;
  if (given.chunk_size < smallestChunk) {
    throw new Failure(
      'usage',
      `${label} chunk_size is ${formatSize(given.chunk_size)}: give at least ${formatSize(smallestChunk)}`,
    );
  }
  const credentials = readCredentials(given, env.environment, label);
  const session = createSession(credentials, label, () => logIn(http, credentials, label));
  const service = createService(http, session, settings, report);
  let capabilities: Promise<Capabilities> | null = null;
  return {
    label,
    service,
    containers: createContainers(service, given.storage_policy),
    encoder: createEncoder(given.encoding),
    options: given,
    settings,
    report,
    account: loginVersion(credentials) === 1 ? (credentials.user.split(':')[0] ?? '') : null,
    projectName: credentials.project || null,
    capabilities(signal) {
      capabilities ??= readCapabilities(service, report).catch((error: unknown) => {
        capabilities = null;
        throw error;
      });
      return unlessAborted(capabilities, signal);
    },
  };
}

function createRemote(store: Store, http: HttpClient): Remote {
  const { encoder, service } = store;
  const lookUp = (path: string, call?: Call) => lookUpFile(store, fileTarget(encoder, path), path, call);
  const features: Features = {
    hashes: ['md5'],
    slowHashes: false,
    modifiedPrecision: 1n,
    listsModified: store.settings.usesServerTimes,
    listsMimeTypes: true,
    emptyFolders: false,
    buckets: true,
  };
  const remote: Remote = {
    label: store.label,
    features,
    list: (dir, call) => listFolder(store, dir, call),
    walk: (dir, call) => walkFolder(store, dir, call),
    stat: async (path, call) => fileEntry(store, path, await lookUp(path, call), call),
    read: (path, range, call) => readFile(store, path, range, call),
    open: (path, call) => openFile(store, path, call),
    write: (path, source, info, call) => writeFile(store, path, source, info, call),
    remove: (path, call) => removeFile(store, path, call),
    checkPath: async (path) => requireShort(targetOf(encoder, path), path),
    removeDir: (path, call) => removeContainer(store, path, call),
    purge: (dir, call) => purgeFolder(store, dir, call),
    copy: (from, to, call) => copyFile(store, from, to, call),
    replaceStart: (path, start, call) => replaceStart(store, path, start, call),
    access: (path) => controlOf(store, remote, path),

    async makeDir(path, call) {
      const { container, name } = targetOf(encoder, path);
      requireShort({ container, name: `${name}/` }, path);
      if (container !== '') await store.containers.require(container, call?.signal);
    },

    async hash(path, type, call) {
      const info = await lookUp(path, call);
      return type === 'md5' && info.layout === 'plain' ? (info.etag ?? null) : null;
    },

    setModified: (path, modified, call) =>
      changeMetadata(store, fileTarget(encoder, path), path, (kept) => ({ ...kept, ...mtimeHeader(modified) }), call),
    attributeRoom: async () => attributeRoom,
    setAttributes: (path, attributes, call) =>
      changeMetadata(store, fileTarget(encoder, path), path, (kept) => withAttributes(kept, attributes), call),

    async about(dir, call) {
      const target = { container: targetOf(encoder, dir).container, name: '' };
      const response = await service.send({ method: 'HEAD', target, path: dir, signal: call?.signal });
      await response.discard();
      return usageOf(response.headers, target.container === '' ? 'account' : 'container');
    },

    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
  return remote;
}

function usageOf(headers: Readonly<Record<string, string>>, of: 'account' | 'container'): Usage {
  const used = Math.max(0, statedSize(headers[`x-${of}-bytes-used`]));
  const objects = Math.max(0, statedSize(headers[`x-${of}-object-count`]));
  const total = statedSize(headers[`x-${of}-meta-quota-bytes`]);
  return { used, objects, ...(total >= 0 && { total, free: Math.max(0, total - used) }) };
}
