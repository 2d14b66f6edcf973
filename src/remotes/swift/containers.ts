import { isAbsence } from '../../core/failure.ts';
import { goneMeanwhile } from '../http/tag.ts';
import type { Service } from './service.ts';

/** Makes containers when they are missed, so that none costs a request while it exists. */
export interface Containers {
  /** Runs a request that needs the container; when that is missing, makes it and runs the request again. Throws
   *  Failure('transient') where others remove it meanwhile. */
  within<T>(container: string, signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T>;
  /** Makes sure that it exists before a body is sent that cannot be sent twice. Asks once per container. */
  require(container: string, signal: AbortSignal | undefined): Promise<void>;
  make(container: string, signal: AbortSignal | undefined): Promise<void>;
  /** After it was removed. */
  forget(container: string): void;
}

export function createContainers(service: Service, storagePolicy: string): Containers {
  const known = new Set<string>();
  const making = new Map<string, Promise<void>>();

  async function put(container: string, signal: AbortSignal | undefined): Promise<void> {
    const headers = storagePolicy === '' ? {} : { 'x-storage-policy': storagePolicy };
    const target = { container, name: '' };
    // 409: it exists with another policy.
    const response = await service.send({ method: 'PUT', target, path: container, headers, signal, accept: [409] });
    await response.discard();
    known.add(container);
  }

  const containers: Containers = {
    async within(container, signal, attempt) {
      try {
        const result = await attempt();
        known.add(container);
        return result;
      } catch (error) {
        if (!isAbsence(error)) throw error;
      }
      await containers.make(container, signal);
      try {
        return await attempt();
      } catch (error) {
        throw goneMeanwhile(error);
      }
    },
    async require(container, signal) {
      if (known.has(container)) return;
      const target = { container, name: '' };
      const response = await service.send({ method: 'HEAD', target, path: container, signal, accept: [403, 404] });
      await response.discard();
      // 403: a container of others that we may write to and not look at.
      if (response.status === 404) await containers.make(container, signal);
      else known.add(container);
    },
    async make(container, signal) {
      // A request that others began may be broken off with the work that it was for: then another is sent.
      const isMade = await making.get(container)?.then(
        () => true,
        () => false,
      );
      if (isMade) return;
      const running = put(container, signal).finally(() => making.delete(container));
      making.set(container, running);
      await running;
    },
    forget: (container) => {
      known.delete(container);
    },
  };
  return containers;
}
