import { randomBytes } from 'node:crypto';
import { Failure } from '../core/failure.ts';
import type { Engine } from '../crypto/engine.ts';
import { nonceSize, tagSize } from '../crypto/secretbox.ts';
import type { ConfigKey, KeyDerivation } from './config-key.ts';
import { decodeParameters, encodeParameters, parametersSize } from './scrypt-parameters.ts';
import { trimSpace } from './whitespace.ts';

/** A sealed config file, read but not opened. */
export interface SealedConfig {
  /** How the password becomes the key. */
  readonly derivation: KeyDerivation;
  /** nonce[24] ‖ secretbox of the plain file. */
  readonly box: Uint8Array;
}

// rclone takes any marker that starts so, save its own, for a version that it does not support.
const markerStart = 'RCLONE_ENCRYPT_V';
const markers: Readonly<Record<KeyDerivation['kdf'], string>> = {
  rclone: 'RCLONE_ENCRYPT_V0:',
  scrypt: 'RCLONE_ENCRYPT_VCOFFER1:',
};
const comments: Readonly<Record<KeyDerivation['kdf'], string>> = {
  rclone: '# Encrypted rclone configuration File',
  scrypt: '# Encrypted by coffer; for rclone: coffer config encryption set --kdf rclone',
};
const commonHead = '# Encrypted ';
const heads: Readonly<Record<KeyDerivation['kdf'], string>> = {
  rclone: `${comments.rclone}\n\n${markers.rclone}`,
  scrypt: `${comments.scrypt}\n\n${markers.scrypt}`,
};

/** The sealed content of a config file; null where the file is plain.
 *  Throws Failure('unsupported') for a form that is neither rclone's nor ours, Failure('corrupt') for content that
 *  cannot be a box. */
export function sealedConfigIn(data: Uint8Array): SealedConfig | null {
  const lines = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1').split('\n');
  const first = lines.findIndex((line) => !/^(?:[#;]|$)/.test(trimSpace(line)));
  const marker = trimSpace(lines[first] ?? '');
  if (isCutHead(data))
    throw new Failure('corrupt', 'the encrypted config is cut short: nothing of its content is left');
  if (!marker.startsWith(markerStart)) return null;
  const content = (): Uint8Array => decodeBase64(lines.slice(first + 1));
  if (marker === markers.rclone) return { derivation: { kdf: 'rclone' }, box: checkedBox(content()) };
  if (marker !== markers.scrypt) {
    throw new Failure(
      'unsupported',
      `it is sealed in the form "${marker.slice(0, 40)}", which this version does not know`,
    );
  }
  const parametersAndBox = content();
  const box = checkedBox(parametersAndBox.subarray(parametersSize));
  return { derivation: decodeParameters(parametersAndBox), box };
}

/** The plain config file; null when the key is wrong or the content was changed: they look alike. */
export function openSealedConfig({ box }: SealedConfig, key: ConfigKey, engine: Engine): Uint8Array | null {
  const plain = new Uint8Array(box.length - nonceSize - tagSize);
  const isOpen = engine.open(plain, box.subarray(nonceSize), box.subarray(0, nonceSize), key.bytes);
  return isOpen ? plain : null;
}

/** A config file that only `key` opens, in the form that the key's derivation stands for. */
export function sealConfig(plain: Uint8Array, { derivation, bytes }: ConfigKey, engine: Engine): Uint8Array {
  const nonce = randomBytes(nonceSize);
  const box = new Uint8Array(plain.length + tagSize);
  engine.seal(box, plain, nonce, bytes);
  const parameters = derivation.kdf === 'scrypt' ? encodeParameters(derivation) : new Uint8Array();
  const content = Buffer.concat([parameters, nonce, box]).toString('base64');
  return Buffer.from(`${heads[derivation.kdf]}\n${content}`);
}

// What is left of a sealed file must not pass for an empty plain one, which the next change would write in the clear.
function isCutHead(data: Uint8Array): boolean {
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
  return text.startsWith(commonHead) && Object.values(heads).some((head) => head.startsWith(text.trimEnd()));
}

function decodeBase64(lines: readonly string[]): Uint8Array {
  const base64 = lines.join('').replaceAll('\r', '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new Failure('corrupt', 'the encrypted config is not base64: it was cut short or changed');
  }
  return Buffer.from(base64, 'base64');
}

function checkedBox(box: Uint8Array): Uint8Array {
  if (box.length < nonceSize + tagSize) throw new Failure('corrupt', 'the encrypted config is too short');
  return box;
}
