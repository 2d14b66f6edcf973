import { spelledOut } from '../core/json.ts';

// What would steer a terminal, or turn around the text that follows, in JSON's own spelling.
const unseen = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A stranger's text between quotation marks, every character that cannot be seen spelled out. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(unseen, spelledOut);
}
