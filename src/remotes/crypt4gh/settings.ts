import type { Report } from '../../core/report.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import type { NamedKey } from './keys.ts';

/** What a Crypt4GH remote is made of, its options and keys worked out. */
export interface Crypt4ghSettings {
  readonly label: string;
  /** Public keys of those who can open what is written; none where nothing is to be written. */
  readonly recipients: readonly NamedKey[];
  /** Opens what is read; null where nothing is to be read. */
  readonly own: KeyPair | null;
  /** At the end of each file's name, with its dot; '' for none. */
  readonly suffix: string;
  readonly isStrict: boolean;
  readonly report: Report;
}
