import { createServer, type IncomingHttpHeaders } from 'node:http';
import { listen } from './listen.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What is answered to a request such as `GET /path`; 404 where nothing is. */
export type AnswerTo = (request: string, headers: IncomingHttpHeaders) => Answer | undefined;

/** The URL of a server that answers as `answerTo` says. */
export async function serveLies(answerTo: AnswerTo): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answerTo(`${request.method} ${request.url}`, request.headers);
    const { status = 200, headers = {}, body = '' } = answer ?? { status: 404 };
    request.resume().once('end', () => response.writeHead(status, headers).end(request.method === 'HEAD' ? '' : body));
  });
  return `http://${await listen(server)}`;
}
