import { createServer } from 'node:http';
import type { Remote } from '../../../src/core/remote.ts';
import { listen } from '../http/listen.ts';
import { openSwift } from './open-swift.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A remote of a store that answers as `answerTo` says, 404 where that gives nothing. */
export async function openLying(
  answerTo: (request: string) => Answer | undefined,
  lowLevelRetries = 1,
  section: Readonly<Record<string, string>> = {},
): Promise<Remote> {
  const server = createServer((request, response) => {
    const { status = 200, headers = {}, body = '' } = answerTo(`${request.method} ${request.url}`) ?? { status: 404 };
    request.resume().once('end', () => response.writeHead(status, headers).end(request.method === 'HEAD' ? '' : body));
  });
  const storage_url = `http://${await listen(server)}/v1/AUTH_x`;
  return openSwift({ storage_url, auth_token: 'token', ...section }, { settings: { lowLevelRetries } });
}
