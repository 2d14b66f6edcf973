import { basename } from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { readPublicKeyFile } from '../../remotes/crypt4gh/key-files.ts';
import { longestLabel, type Recipient } from '../../sharing/document.ts';
import { listFlag } from '../flags.ts';

/** `--to siteA.pub`, `--to "site A=key.pub"`. */
export const toFlag = listFlag(
  'Public key of somebody who may open it, if need be as LABEL=file (repeat for more)',
  'file',
);

/** The public keys that `--to` names. One without a label is called as its comment says, or its file. */
export function readRecipients(words: readonly string[], environment: Environment): Promise<readonly Recipient[]> {
  return Promise.all(
    words.map(async (word) => {
      const [, given = '', path = word] = /^([^=/]+)=(.+)$/.exec(word) ?? [];
      const { bytes, label } = await readPublicKeyFile(path, environment);
      return { publicKey: bytes, label: (given || label || basename(path, '.pub')).slice(0, longestLabel) };
    }),
  );
}
