import { Failure, messageOf } from '../../core/failure.ts';

/** What a fault below HTTP means. The host is named; headers and URLs, which may hold secrets, are not. */
export function networkFailure(error: unknown, host: string): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  if (code === 'ENOTFOUND') {
    const message = `cannot find the host ${host}: check its name in the config and the network`;
    return new Failure('transient', message, { cause: error, retryable: false });
  }
  if (distrust.test(code)) {
    const message = `the certificate of ${host} is not trusted (${code}): name its authority's file with --ca-cert`;
    return new Failure('fatal', message, { cause: error });
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') {
    return new Failure('fatal', `${host} does not speak TLS here: check http or https and the port`, { cause: error });
  }
  const reason = code === 'ETIMEDOUT' ? 'the connection timed out' : messageOf(error) || code;
  return new Failure('transient', `${host}: ${reason}`, { cause: error });
}

// OpenSSL's verification codes as node names them (doc/api/tls.md, "X509 certificate error codes").
const distrust =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME)/;

function codeOf(error: unknown): string {
  // With several addresses tried, node throws an AggregateError whose own code is the first one's.
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
