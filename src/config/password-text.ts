import { Failure } from '../core/failure.ts';

/** The password in the output of a command, in a file or in what was typed, without the line breaks around it; '' where
 *  there is none. Throws Failure('usage'), which calls the data `what`, for bytes that are not UTF-8. */
export function passwordIn(data: Uint8Array, what: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    return text.replace(/^[\r\n]+|[\r\n]+$/g, '');
  } catch (error) {
    throw new Failure('usage', `${what} is not UTF-8`, { cause: error });
  }
}
