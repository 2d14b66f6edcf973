import { codeOf, Failure, messageOf } from '../../core/failure.ts';

/** What a request is for, in the words of messages: `cannot <doing> <path>`, or the path alone. */
export interface Purpose {
  readonly doing?: string;
  /** Empty for the store itself. */
  readonly path: string;
}

/** What a fault below HTTP means. The host is named; headers and URLs, which may hold secrets, are not. A fault of one request
 *  among others names its purpose too. */
export function networkFailure(error: unknown, host: string, purpose?: Purpose): Failure {
  if (error instanceof Failure) return error;
  // Where several addresses were tried, node gives the code of the first.
  const code = codeOf(error);
  if (code === 'ENOTFOUND') {
    const message = `cannot find the host ${host}: check its name in the config and the network`;
    return new Failure('transient', message, { cause: error, retryable: false });
  }
  const refusal = tlsRefusal(error, code);
  if (refusal !== null) return new Failure('fatal', `${host}: ${refusal}`, { cause: error });
  const reason = reasons[code] ?? (beforeTls.test(messageOf(error)) ? noTls : messageOf(error) || code);
  return new Failure('transient', `${leadOf(purpose)}${host}: ${reason}`, { path: purpose?.path, cause: error });
}

function leadOf({ doing, path }: Purpose = { path: '' }): string {
  if (path === '') return '';
  return doing === undefined ? `${path}: ` : `cannot ${doing} ${path}: `;
}

const unreachable = 'cannot be reached: check the network';

const reasons: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'the connection timed out',
  ECONNREFUSED: 'refuses the connection: check the address and the port in the config, and whether the service runs',
  EAI_AGAIN: 'its name cannot be looked up at the moment: check the network',
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
};

// Node's words for a connection that is closed while TLS is agreed on; a server in trouble may do so, too.
const beforeTls = /before secure TLS connection/;
const whichPort = 'check http or https and the port';
const noTls = `closed the connection before TLS began: ${whichPort}`;

/** What another try would not change; null for other faults. */
function tlsRefusal(error: unknown, code: string): string | null {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'its certificate is for other names: check the address in the config';
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired, or the clock of this machine is wrong';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet, or the clock of this machine is wrong';
  if (distrust.test(code)) return `its certificate is not trusted (${code}): name its authority's file with --ca-cert`;
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') {
    return `does not speak TLS here: ${whichPort}`;
  }
  if (code.endsWith('_CERTIFICATE_REQUIRED')) return 'it wants a certificate of ours: --client-cert and --client-key';
  if (!disagreement.test(code)) return null;
  return `no TLS can be agreed on (${error instanceof Error && 'reason' in error ? error.reason : code})`;
}

// OpenSSL's verification codes as node names them (doc/api/tls.md, "X509 certificate error codes").
const distrust = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH)/;
// What a server says that wants another version, other ciphers, or a certificate of ours.
const disagreement =
  /^ERR_SSL_(UNSUPPORTED_PROTOCOL|(TLSV1|TLSV13|SSLV3)_ALERT_(PROTOCOL_VERSION|HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY|UNRECOGNIZED_NAME|BAD_CERTIFICATE|UNKNOWN_CA))$/;
