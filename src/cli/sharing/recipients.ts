import { basename } from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { longestLabel, type Recipient } from '../../sharing/document.ts';
import { readPublicKeyFile } from '../keys.ts';

/** The public keys in the files that `--to` names. A key without a comment is called as its file. */
export function readRecipients(paths: readonly string[], environment: Environment): Promise<readonly Recipient[]> {
  return Promise.all(
    paths.map(async (path) => {
      const { bytes, label } = await readPublicKeyFile(path, environment);
      return { publicKey: bytes, label: (label || basename(path).replace(/\.pub$/, '')).slice(0, longestLabel) };
    }),
  );
}
