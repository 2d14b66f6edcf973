import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TransportSettings } from '../../core/backend.ts';
import { Failure, messageOf } from '../../core/failure.ts';

/** What all TLS connections share, as node's `tls.connect` takes it. */
export interface TlsSettings {
  readonly secureContext?: SecureContext;
  readonly rejectUnauthorized?: boolean;
}

type Files = Pick<TransportSettings, 'caCert' | 'clientCert' | 'clientKey' | 'insecureTls'>;

/** Throws Failure('usage') for files that cannot be used. */
export function tlsSettings({ caCert, clientCert, clientKey, insecureTls }: Files): TlsSettings {
  if (!clientCert !== !clientKey) throw new Failure('usage', 'use --client-cert and --client-key together');
  const files = { ca: read(caCert), cert: read(clientCert), key: read(clientKey) };
  if (files.ca && !files.ca.includes('-----BEGIN ')) {
    throw new Failure('usage', `${caCert}: holds no certificate in the form PEM, as --ca-cert needs it`);
  }
  const isUsual = !caCert && !clientCert;
  return {
    ...(!isUsual && { secureContext: contextOf(files) }),
    ...(insecureTls && { rejectUnauthorized: false }),
  };
}

function read(path: string | undefined): Buffer | undefined {
  try {
    return path ? readFileSync(path) : undefined;
  } catch (error) {
    throw new Failure('usage', `cannot read the certificate or key in ${path}: ${messageOf(error)}`);
  }
}

function contextOf(files: { ca: Buffer | undefined; cert: Buffer | undefined; key: Buffer | undefined }) {
  try {
    return createSecureContext(files);
  } catch (error) {
    const which = '--ca-cert, --client-cert and --client-key';
    throw new Failure('usage', `cannot use the certificates and the key of ${which}: ${messageOf(error)}`);
  }
}
