import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requirePeer } from './peers.ts';
import { mustRun } from './run.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** A self-signed certificate for 127.0.0.1, as `cert.pem` and `key.pem` in `folder`. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  requirePeer('openssl');
  const certFile = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  await mustRun('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile],
  ]);
  return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8'), certFile, keyFile };
}
