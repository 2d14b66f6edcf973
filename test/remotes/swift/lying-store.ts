import type { Remote } from '../../../src/core/remote.ts';
import type { Section } from '../../servers/remotes.ts';
import { type AnswerTo, serveLies } from '../http/lying-server.ts';
import { openSwift } from './open-swift.ts';

/** A remote of a store that answers as `answerTo` says. */
export async function openLying(answerTo: AnswerTo, lowLevelRetries = 1, section: Section = {}): Promise<Remote> {
  const storage_url = `${await serveLies(answerTo)}/v1/AUTH_x`;
  return openSwift({ storage_url, auth_token: 'token', ...section }, { settings: { lowLevelRetries } });
}
