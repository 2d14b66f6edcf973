import type { HttpDump } from '../../core/backend.ts';
import { type Bytes, noBytes } from '../../core/bytes.ts';
import type { AnswerTaker } from './answer-reader.ts';
import type { Outgoing } from './connection.ts';
import type { AnswerHead } from './head.ts';

/** A request, and what takes its answer. */
export interface Exchanged {
  readonly outgoing: Outgoing;
  readonly taker: AnswerTaker;
}

// Bytes of a body.
const mostShown = 1 << 20;
const sent = '>'.repeat(40);
const came = '<'.repeat(40);
let count = 0;

/** The same, of which `dump` is told what goes over the wire: heads as they pass, bodies when they have passed.
 *  `holdsSecrets`: whether the bodies do. */
export function dumped({ outgoing, taker }: Exchanged, dump: HttpDump, holdsSecrets: boolean): Exchanged {
  const number = ++count;
  const tell = (title: string, frame: string, text: string): void => {
    dump.tell(frame);
    dump.tell(`HTTP ${title} (req ${number})\n${text}`);
    dump.tell(frame);
  };
  const tellHead = (title: string, frame: string, text: string): void => {
    tell(title, frame, dump.showsSecrets ? text : openHead(text));
  };
  const bodyOf = (title: string, frame: string): Body =>
    createBody((text) => tell(title, frame, dump.showsSecrets ? text : openBody(text, holdsSecrets)));
  tellHead('REQUEST', sent, outgoing.head.replaceAll('\r', ''));
  return {
    outgoing: dump.requestBodies ? withBody(outgoing, bodyOf('REQUEST BODY', sent)) : outgoing,
    taker: tellingTaker(
      taker,
      (text) => tellHead('RESPONSE', came, text),
      dump.answerBodies ? bodyOf('RESPONSE BODY', came) : null,
    ),
  };
}

/** What of a body is to be shown. */
interface Body {
  add(piece: Uint8Array): void;
  /** Shows it, unless there is none. */
  end(): void;
}

function createBody(show: (text: string) => void): Body {
  const pieces: Uint8Array[] = [];
  let size = 0;
  return {
    add(piece) {
      if (size < mostShown) pieces.push(new Uint8Array(piece.subarray(0, mostShown - size)));
      size += piece.length;
    },
    end() {
      const more = size > mostShown ? `\n(${size - mostShown} bytes more)` : '';
      if (size > 0) show(`${Buffer.concat(pieces)}${more}`);
    },
  };
}

function withBody(outgoing: Outgoing, shown: Body): Outgoing {
  const { body } = outgoing;
  if (body === null) return outgoing;
  if (!(body instanceof Uint8Array)) return { ...outgoing, body: tellingBytes(body, shown) };
  shown.add(body);
  shown.end();
  return outgoing;
}

async function* tellingBytes(bytes: Bytes, shown: Body): Bytes {
  try {
    for await (const piece of bytes) {
      shown.add(piece);
      yield piece;
    }
  } finally {
    shown.end();
  }
}

function tellingTaker(taker: AnswerTaker, tell: (text: string) => void, shown: Body | null): AnswerTaker {
  let room: Uint8Array = noBytes;
  return {
    onHead(head) {
      tell(headText(head));
      taker.onHead(head);
    },
    room() {
      room = taker.room();
      return room;
    },
    onBytes(length) {
      shown?.add(room.subarray(0, length));
      return taker.onBytes(length);
    },
    onEnd() {
      shown?.end();
      taker.onEnd();
    },
    onError(error) {
      shown?.end();
      tell(`Error: ${error.message}`);
      taker.onError(error);
    },
  };
}

function headText({ status, headers }: AnswerHead): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  return `HTTP/1.1 ${status}\n${lines.join('')}`;
}

// By their names, what users add among them: rather one too many.
const secret = 'auth|token|secret|passw|cookie|signature|credential|key|session|temp_url_sig';
const secretHeader = new RegExp(`^([^:\\s]*(?:${secret})[^:\\s]*):[^\\r\\n]*`, 'gim');
const secretParameter = new RegExp(
  `([?&](?!continuation-token|key-marker|max-keys)[^=&\\s]*(?:${secret})[^=&\\s]*=)[^&\\s]*`,
  'gi',
);
// S3 says what it made of a signature that it does not take: headers stand there once more.
const signedText = /<((?:StringToSign|CanonicalRequest|SignatureProvided)\w*)>[^<]*/gi;

function openHead(text: string): string {
  return text.replace(secretHeader, '$1: XXXX').replace(secretParameter, '$1XXXX');
}

function openBody(text: string, holdsSecrets: boolean): string {
  return holdsSecrets ? '(holds secrets: --dump auth shows it)' : text.replace(signedText, '<$1>XXXX');
}
