import { Failure } from '../core/failure.ts';

/** The primitives that a CPU does at very different speeds: NaCl's secretbox (XSalsa20-Poly1305) and scrypt. */
export interface Engine {
  readonly name: 'native' | 'portable';
  /** Writes the tag and the sealed bytes: `out` has 16 bytes more than `plain`. Nonce 24 bytes, key 32. */
  seal(out: Uint8Array, plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  /** Writes the plain bytes: `out` has 16 bytes less than `box`. False, with `out` undefined, when `box` is not
   *  authentic. */
  open(out: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
  /** As `open`, but gives only the plain bytes from `from` on, as many as `out` has room for. All of the box is
   *  authenticated. */
  openPart(out: Uint8Array, box: Uint8Array, from: number, nonce: Uint8Array, key: Uint8Array): boolean;
  /** Loads now what would otherwise be loaded once much has been sealed or opened: for a program that lives long. */
  prepare(): void;
  /** RFC 7914 with N = 16384, r = 8, p = 1: what rclone uses. */
  scrypt(password: Uint8Array, salt: Uint8Array, length: number): Promise<Uint8Array>;
}

type Choice = 'native' | 'portable' | undefined;

/** The native engine where it loads and computes what it should, else the portable one. `COFFER_ENGINE` in the
 *  environment demands one of them. Throws Failure('usage') for another value, 'unsupported' where the demanded engine
 *  does not work. */
export async function loadEngine(environment: Readonly<Record<string, string | undefined>>): Promise<Engine> {
  const choice = parseChoice(environment.COFFER_ENGINE);
  if (choice !== 'portable') {
    const native = await loadNative(choice);
    if (native) return native;
  }
  const { portableEngine } = await import('./portable.ts');
  return portableEngine;
}

function parseChoice(value: string | undefined): Choice {
  if (value === undefined || value === '') return undefined;
  if (value === 'native' || value === 'portable') return value;
  throw new Failure('usage', `COFFER_ENGINE is "${value}": set it to native or portable, or leave it out`);
}

async function loadNative(choice: Choice): Promise<Engine | null> {
  try {
    const { loadNativeEngine } = await import('./native.ts');
    const engine = loadNativeEngine();
    if (isKnownAnswer(engine)) return engine;
    throw new Failure('unsupported', 'sodium-native does not compute what it should');
  } catch (cause) {
    if (choice !== 'native') return null;
    throw new Failure('unsupported', 'COFFER_ENGINE=native, but sodium-native does not work on this machine', {
      cause,
    });
  }
}

// One byte sealed under the zero key: file1 in rclone's backend/crypt/cipher_test.go.
const knownNonce = Uint8Array.from({ length: 24 }, (_, i) => i + 1);
const knownPlain = Uint8Array.of(1);
const knownBox = Uint8Array.of(9, 91, 68, 108, 214, 35, 123, 188, 176, 141, 9, 251, 82, 76, 229, 101, 170);

function isKnownAnswer(engine: Engine): boolean {
  const key = new Uint8Array(32);
  const box = new Uint8Array(17);
  engine.seal(box, knownPlain, knownNonce, key);
  if (!knownBox.every((byte, i) => byte === box[i])) return false;
  const plain = new Uint8Array(1);
  if (!engine.open(plain, box, knownNonce, key) || plain[0] !== 1) return false;
  box[0] = 0;
  return !engine.open(plain, box, knownNonce, key);
}
