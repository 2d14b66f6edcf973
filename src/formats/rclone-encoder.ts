import { Failure } from '../core/failure.ts';
import { type EncodingFlags, parseEncoding, replacementsOf, standardFlags } from './rclone-encoder/flags.ts';
import { createNameEncoder } from './rclone-encoder/name.ts';

/** Translates between our paths and the names that a store takes. Our paths are in rclone's standard form, in which control
 *  characters and a slash inside a name are replaced by pictures of themselves. Same rules as rclone's lib/encoder.
 *  Bytes that are not UTF-8 stand in both as `core/name-bytes.ts` says. */
export interface PathEncoder {
  toStore(path: string): string;
  fromStore(path: string): string;
}

/** An encoder for rclone's `encoding` option: `Slash,InvalidUtf8,Dot`, `None`. Throws Failure('usage'). Without `Slash` among
 *  them, `toStore` throws Failure('denied') for a name with a slash in it: `x／y` would become the file y of a folder x. */
export function createEncoder(encoding: string): PathEncoder {
  const flags = parseEncoding(encoding);
  if (isStandard(flags)) return { toStore: (path) => path, fromStore: (path) => path };
  const store = createNameEncoder(flags);
  const standard = createNameEncoder(standardFlags);
  const suspicious = suspiciousPattern(flags);

  function encode(name: string): string {
    const plain = standard.decode(name);
    if (!flags.has('Slash') && plain.includes('/')) {
      throw new Failure('denied', `"${name}" holds a slash: add Slash to encoding = ${encoding}`);
    }
    return store.encode(plain);
  }
  function translate(path: string, segment: (name: string) => string): string {
    return suspicious.test(path) ? path.split('/').map(segment).join('/') : path;
  }
  return {
    toStore: (path) => translate(path, encode),
    fromStore: (path) => translate(path, (name) => standard.encode(store.decode(name))),
  };
}

function isStandard(flags: EncodingFlags): boolean {
  return flags.size === standardFlags.size && [...standardFlags].every((flag) => flags.has(flag));
}

/** Matches every path that either direction may change, and few others: most paths need no more than this test. */
function suspiciousPattern(flags: EncodingFlags): RegExp {
  const ofFlags = [...replacementsOf(flags).keys()].filter((character) => character > ' ' && character !== '/');
  const escaped = ofFlags.map((character) => `\\u{${character.charCodeAt(0).toString(16)}}`).join('');
  const anywhere = `[\\x00-\\x1f\\x7f‛\\u2400-\\u2421\\uff01-\\uff5e${escaped}]|\\p{Cs}`;
  const dots = '(?:^|/)\\.\\.?(?:/|$)';
  const edges = '(?:^|/)[ .~]|[ .](?:/|$)';
  const hasEdges = [...flags].some((flag) => /^(Left|Right)/.test(flag));
  return new RegExp(hasEdges ? `${anywhere}|${edges}` : `${anywhere}|${dots}`, 'u');
}
