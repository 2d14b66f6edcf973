import type { Report } from '../../core/report.ts';
import type { ContentCipher } from '../../formats/rclone-crypt/content.ts';
import type { Names } from '../../formats/rclone-crypt/names/names.ts';
import type { AttributeBox } from './attributes.ts';
import type { CryptPasswords } from './passwords.ts';

/** What a crypt remote is made of, its options and keys worked out. */
export interface CryptSettings {
  readonly label: string;
  /** Revealed. */
  readonly passwords: CryptPasswords;
  readonly names: Names;
  /** False where a name says nothing about the password. */
  readonly encryptsFiles: boolean;
  readonly encryptsFolders: boolean;
  /** Null where content stays in the clear. */
  readonly content: ContentCipher | null;
  /** The same, even where content stays in the clear. */
  readonly cipher: ContentCipher;
  readonly attributes: AttributeBox;
  readonly showsMapping: boolean;
  readonly isStrict: boolean;
  readonly passesBadChunks: boolean;
  /** 24 fresh bytes. */
  randomNonce(): Uint8Array;
  readonly report: Report;
}
