import { pendingOf } from '../uploads.ts';
import type { Uploadable, WriteBack } from './write-back.ts';

/** Of a mount that must not change the remote: uploads nothing, and keeps account of what is left to a later one. */
export function createIdleWriteBack(): WriteBack {
  const files = new Set<Uploadable>();
  return {
    add: (file) => files.add(file),
    remove: (file) => files.delete(file),
    schedule() {},
    closed() {},
    pending: () => pendingOf([...files], () => undefined),
    async drain() {},
    async stop() {},
  };
}
