import type { Remote } from '../../../src/core/remote.ts';
import type { Report } from '../../../src/core/report.ts';
import type { Section } from '../../servers/remotes.ts';
import { type AnswerTo, serveLies } from '../http/lying-server.ts';
import { openS3 } from './open.ts';

/** A remote of a store that answers as `answerTo` says. */
export async function openLying(answerTo: AnswerTo, section: Section = {}, report?: Report): Promise<Remote> {
  const own = { provider: 'Other', access_key_id: 'a', secret_access_key: 's', endpoint: await serveLies(answerTo) };
  return openS3({ ...own, ...section }, { settings: { lowLevelRetries: 1 }, ...(report && { report }) });
}
