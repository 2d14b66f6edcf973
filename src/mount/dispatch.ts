import type { Awaitable } from '../core/awaitable.ts';
import { Failure, messageOf } from '../core/failure.ts';
import type { Report } from '../core/report.ts';
import { isAllowed } from './access.ts';
import type { Device } from './device.ts';
import { errno, errnoOf, tell } from './errno.ts';
import { answerInit } from './init.ts';
import type { Operations, Served } from './operation.ts';
import { attributeOperations } from './operations/attributes.ts';
import { extendedOperations } from './operations/extended.ts';
import { fileOperations } from './operations/files.ts';
import { folderOperations } from './operations/folders.ts';
import { ioctlOperations } from './operations/ioctl.ts';
import { nameOperations } from './operations/names.ts';
import { FUSE_KERNEL_VERSION } from './protocol/flags.ts';
import {
  fuse_batch_forget_in,
  fuse_forget_in,
  fuse_forget_one,
  fuse_init_in,
  fuse_interrupt_in,
} from './protocol/messages.ts';
import { opcodeName, opcodes } from './protocol/opcodes.ts';
import { encodeReply, type Reply, refusal } from './protocol/reply.ts';
import { decodeRequest, type Request } from './protocol/request.ts';
import { isGivenUp, type Waiting } from './waiting.ts';

const operations: Operations = {
  ...nameOperations,
  ...attributeOperations,
  ...fileOperations,
  ...folderOperations,
  ...extendedOperations,
  ...ioctlOperations,
};

export interface DispatchOptions {
  readonly device: Device;
  readonly served: Served;
  /** Who may use the mount; null leaves that to the kernel. */
  readonly allowedUsers: ReadonlySet<number> | null;
  readonly report: Report;
  /** The kernel and we have agreed how to speak, or cannot. */
  greeted(failure: Failure | null): void;
}

export interface Dispatcher {
  /** Answers one message of the kernel: at once, or by the time that the returned promise resolves; until then the bytes of
   *  the message must stay as they are. Never throws, never rejects. */
  handle(message: Uint8Array): Promise<void> | undefined;
  /** Gives up every request that waits for an answer. */
  stopAll(): void;
}

export function createDispatcher({ device, served, allowedUsers, report, greeted }: DispatchOptions): Dispatcher {
  const waiting = new Map<number, Waiting>();
  const send = (unique: number, { errno: number, parts }: Reply): boolean =>
    device.reply(encodeReply(unique, -number, parts));

  /** Requests that are no question about a node. */
  const special: Readonly<Record<number, (request: Request) => Awaitable<void>>> = {
    [opcodes.FUSE_FORGET]: ({ header, body }) =>
      served.nodes.forget(header.nodeid, fuse_forget_in.decode(body).nlookup),
    [opcodes.FUSE_BATCH_FORGET]({ body }) {
      const { count } = fuse_batch_forget_in.decode(body);
      for (let index = 0; index < count; index++) {
        const start = fuse_batch_forget_in.size + index * fuse_forget_one.size;
        const { nodeid, nlookup } = fuse_forget_one.decode(body.subarray(start));
        served.nodes.forget(nodeid, nlookup);
      }
    },
    async [opcodes.FUSE_INTERRUPT]({ header, body }) {
      const { unique } = fuse_interrupt_in.decode(body);
      const request = waiting.get(unique);
      if (request && (await isGivenUp(request))) waiting.get(unique)?.stop();
      // The kernel asks again, if the request is still there.
      else send(header.unique, refusal(errno.EAGAIN));
    },
    [opcodes.FUSE_INIT]({ header, body }) {
      const kernel = fuse_init_in.decode(body);
      try {
        send(header.unique, { errno: 0, parts: [answerInit(kernel)] });
        if (kernel.major === FUSE_KERNEL_VERSION) greeted(null);
      } catch (error) {
        send(header.unique, refusal(errno.EPROTO));
        greeted(error instanceof Failure ? error : new Failure('fatal', messageOf(error), { cause: error }));
      }
    },
  };

  function answer(request: Request): Awaitable<void> {
    const { unique, pid } = request.header;
    let stopper: AbortController | undefined;
    const stopping = (): AbortController => {
      stopper ??= new AbortController();
      return stopper;
    };
    const ask = (): Reply | Promise<Reply | null> => replyTo(request, () => stopping().signal);
    const reply = ask();
    if (!(reply instanceof Promise)) {
      deliver(unique, reply);
      return;
    }
    let isAnswered = false;
    const deliverOnce = (reply: Reply): void => {
      waiting.delete(unique);
      const isFirst = !isAnswered;
      isAnswered = true;
      if (isFirst) deliver(unique, reply);
      else reply.undo?.();
    };
    waiting.set(unique, {
      pid,
      stop() {
        stopping().abort(new Failure('cancelled', 'the program that asked has been stopped'));
        deliverOnce(refusal(errno.EINTR));
      },
    });
    const finish = (reply: Reply | null): Awaitable<void> => {
      if (reply) return deliverOnce(reply);
      const next = ask();
      return next instanceof Promise ? next.then(finish) : deliverOnce(next);
    };
    return reply.then(finish);
  }

  function deliver(unique: number, reply: Reply): void {
    let isTaken = false;
    try {
      isTaken = send(unique, reply);
    } finally {
      if (!isTaken) reply.undo?.();
    }
  }

  function replyTo(request: Request, signal: () => AbortSignal): Reply | Promise<Reply | null> {
    const { header } = request;
    const operation = operations[header.opcode];
    if (!operation) return refusal(errno.ENOSYS);
    if (!isAllowed(header, allowedUsers)) return refusal(errno.EACCES);
    const node = served.nodes.get(header.nodeid);
    if (!node) return refusal(errno.ESTALE);
    const failed = (error: unknown): Reply => {
      tell(report, opcodeName(header.opcode), error);
      return refusal(errnoOf(error, node.kind));
    };
    try {
      const reply = operation(served, node, request, signal);
      return reply instanceof Promise ? reply.catch(failed) : reply;
    } catch (error) {
      return failed(error);
    }
  }

  const tellBroken = (error: unknown): void => report.error('', `a request of the kernel: ${messageOf(error)}`);

  return {
    handle(message) {
      try {
        const request = decodeRequest(message);
        const work = (special[request.header.opcode] ?? answer)(request);
        return work instanceof Promise ? work.catch(tellBroken) : undefined;
      } catch (error) {
        tellBroken(error);
        return undefined;
      }
    },
    stopAll() {
      for (const { stop } of [...waiting.values()]) stop();
    },
  };
}
