import { Failure } from '../core/failure.ts';
import { createReader, type JsonReader } from './json-reader.ts';

/** What a share says. Its maker signed all of it. */
export interface ShareDocument {
  /** Grows with every change that its maker makes: Unix time in seconds, or one more than the last. */
  readonly serial: number;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly maker: Maker;
  /** All who can open it, the maker too. */
  readonly recipients: readonly Recipient[];
  /** From the shared remote down to the store, as they stand on each other. */
  readonly layers: readonly ShareLayer[];
}

export interface Maker {
  /** Ed25519, 32 bytes. */
  readonly signingKey: Uint8Array;
  /** X25519, 32 bytes: which of the recipients made it. */
  readonly publicKey: Uint8Array;
}

export interface Recipient {
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly label: string;
}

/** One section of the maker's config. */
export interface ShareLayer {
  readonly name: string;
  readonly type: string;
  /** Option → value as in the config, secrets obscured. Neither `type` nor `remote`. */
  readonly options: ReadonlyMap<string, string>;
  /** Where it stands in the layer below; null for a store. Below the last layer is a folder that each site has elsewhere. */
  readonly path: string | null;
}

/** UTF-16 units. */
export const longestLabel = 200;
export const mostLayers = 16;

const version = 1;
const most = { bytes: 1 << 18, recipients: 1000, options: 64, text: 4096 };
// Serials are seconds: this is the year 36812, and leaves room to add one.
const largestSerial = 2 ** 40;

export function encodeDocument({ serial, created, maker, recipients, layers }: ShareDocument): Uint8Array {
  const json = {
    coffer_share: version,
    serial,
    created,
    maker: { signing_key: base64(maker.signingKey), public_key: base64(maker.publicKey) },
    recipients: recipients.map(({ publicKey, label }) => ({ public_key: base64(publicKey), label })),
    layers: layers.map(({ name, type, options, path }) => ({ name, type, options: Object.fromEntries(options), path })),
  };
  const data = new TextEncoder().encode(`${JSON.stringify(json, null, 1)}\n`);
  if (data.length > most.bytes) throw new Failure('too-large', `the share would have ${data.length} bytes of settings`);
  return data;
}

/** Takes apart what anyone may have written. Fields that it does not know are for later versions.
 *  Throws Failure('corrupt') naming the field, Failure('unsupported') for another version. */
export function decodeDocument(data: Uint8Array): ShareDocument {
  if (data.length > most.bytes) throw new Failure('corrupt', `the share is too large: ${data.length} bytes`);
  const share = createReader(parseJson(data), 'share');
  const found = share.integer('coffer_share', Number.MAX_SAFE_INTEGER);
  if (found !== version) throw new Failure('unsupported', `the share has version ${found}: a newer coffer made it`);
  const maker = share.object('maker');
  return {
    serial: share.integer('serial', largestSerial),
    created: share.text('created', 40),
    maker: { signingKey: maker.key('signing_key'), publicKey: maker.key('public_key') },
    recipients: share.list('recipients', most.recipients).map((recipient) => ({
      publicKey: recipient.key('public_key'),
      label: recipient.text('label', longestLabel),
    })),
    layers: share.list('layers', mostLayers).map(decodeLayer),
  };
}

function decodeLayer(layer: JsonReader): ShareLayer {
  return {
    name: layer.text('name', longestLabel),
    type: layer.text('type', longestLabel),
    options: layer.texts('options', most.options, most.text),
    path: layer.textOrNull('path', most.text),
  };
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (error) {
    throw new Failure('corrupt', 'the share is not JSON in UTF-8', { cause: error });
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
