import { fingerprint } from '../../formats/crypt4gh/fingerprint.ts';
import type { Recipient, ShareDocument } from '../../sharing/document.ts';
import { quoted } from '../../sharing/quoted.ts';

/** `serial 1763774030, made 2026-11-22T01:13:50.000Z`. */
export function shareVersion({ serial, created }: ShareDocument): string {
  return `serial ${serial}, made ${quoted(created).slice(1, -1)}`;
}

/** Who signed it, as errors say it. */
export function makerLine(share: ShareDocument): string {
  return makerParts(share).join(', ');
}

/** Who signed it, and which of their shares it is. The fingerprint, which is to be compared, has a line of its own. */
export function originLines(share: ShareDocument): string {
  return [...makerParts(share), shareVersion(share)].map((part) => `${part}\n`).join('');
}

function makerParts(share: ShareDocument): readonly string[] {
  const maker = share.recipients.find((one) => isMakersKey(share, one));
  return [`made by ${quoted(maker?.label ?? '')}`, `signing key ${fingerprint(share.maker.signingKey)}`];
}

/** `"allas-crypt" (crypt) on "allas" (swift)`. */
export function stackLine({ layers }: ShareDocument): string {
  return layers.map(({ name, type }) => `${quoted(name)} (${quoted(type).slice(1, -1)})`).join(' on ');
}

/** A line for each who can open the share: fingerprint, label, what they are. */
export function recipientLines(share: ShareDocument, own: Uint8Array): string {
  return share.recipients
    .map((one) => {
      const roles = [isMakersKey(share, one) && 'maker', isSame(one.publicKey, own) && 'you'].filter(Boolean);
      return `${fingerprint(one.publicKey)}  ${quoted(one.label)}${roles.length > 0 ? `  (${roles.join(', ')})` : ''}\n`;
    })
    .join('');
}

function isMakersKey({ maker }: ShareDocument, { publicKey }: Recipient): boolean {
  return isSame(publicKey, maker.publicKey);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a).equals(b);
}
