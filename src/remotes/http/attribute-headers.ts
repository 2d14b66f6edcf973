type Headers = Readonly<Record<string, string>>;

// Swift takes values of 256 characters, so that long attributes stand in several headers: `coffer`, `coffer-1`, …. It is
// the same by way of S3, since radosgw shows what came in by one way in the other, too.
const name = 'coffer';
const valueLength = 256;

/** Bytes that stand in so many headers. */
export function roomIn(headers: number): number {
  return (headers * valueLength * 3) / 4;
}

/** The headers that give an object its attributes, behind the store's prefix for metadata. */
export function attributeHeaders(prefix: string, attributes: Uint8Array): Headers {
  const text = Buffer.from(attributes).toString('base64url');
  const headers: Record<string, string> = {};
  for (let index = 0; index * valueLength < text.length; index++) {
    headers[nameAt(prefix, index)] = text.slice(index * valueLength, (index + 1) * valueLength);
  }
  return headers;
}

/** Null where there are none. Headers that somebody else wrote give bytes that mean nothing. */
export function attributesIn(prefix: string, headers: Headers): Uint8Array | null {
  let text = '';
  for (let index = 0; ; index++) {
    const part = headers[nameAt(prefix, index)];
    if (!part) return text === '' ? null : new Uint8Array(Buffer.from(text, 'base64url'));
    text += part;
  }
}

/** The other headers. */
export function withoutAttributes(prefix: string, headers: Headers): Headers {
  const first = nameAt(prefix, 0);
  return Object.fromEntries(
    Object.entries(headers).filter(([header]) => header !== first && !header.startsWith(`${first}-`)),
  );
}

function nameAt(prefix: string, index: number): string {
  return index === 0 ? prefix + name : `${prefix}${name}-${index}`;
}
