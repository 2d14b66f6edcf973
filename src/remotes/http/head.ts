import { Failure } from '../../core/failure.ts';

/** The first lines of a request, the empty one among them, to be sent as UTF-8. Throws Failure('usage') for what no line can
 *  hold. */
export function requestHead(method: string, target: string, headers: Readonly<Record<string, string>>): string {
  if (!/^[\x21-\x7e]+$/.test(target)) throw new Failure('usage', 'cannot send a request: an address holds no spaces');
  let head = `${method} ${target} HTTP/1.1\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (!isHeader(name, value)) {
      throw new Failure('usage', `cannot send a request: the header "${name}" cannot hold its value`);
    }
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}

/** Whether a header can have this name and this value. */
export function isHeader(name: string, value: string): boolean {
  return token.test(name) && sentValue.test(value);
}

export interface AnswerHead {
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the connection serves further requests. */
  readonly isKept: boolean;
}

/** Reads the first lines of an answer, without the empty one (RFC 9112). Throws `malformed` for anything else. */
export function parseHead(text: string): AnswerHead {
  const [, minor, status] = wholeHead.exec(text) ?? [];
  if (status === undefined) throw malformed();
  const lines = text.split('\r\n');
  const headers: Record<string, string> = Object.create(null);
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] as string;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  const connection = headers.connection?.toLowerCase() ?? '';
  const isKept = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  return { status: Number(status), headers, isKept };
}

/** For an answer that is none. */
export function malformed(): Error {
  return new Error('an answer that is not HTTP/1.1');
}

const token = /^[\w!#$%&'*+.^`|~-]+$/;
// Names and metadata are UTF-8 both ways, as with rclone.
const sentValue = /^[\t\x20-\x7e\x80-\uffff]*$/;
const wholeHead = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?(?:\r\n[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\uffff]*)*$/;
