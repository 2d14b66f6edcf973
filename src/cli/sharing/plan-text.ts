import { hasLogin } from '../../sharing/addresses.ts';
import type { ShareDocument } from '../../sharing/document.ts';
import type { JoinPlan, SectionChange } from '../../sharing/join-plan.ts';
import { optionRoles } from '../../sharing/option-roles.ts';
import { warningsOf } from '../../sharing/warnings.ts';
import { visible } from '../log.ts';
import { originLines } from './describe.ts';

/** What joining will do, for a person to agree to: who made the share, what is written, what to beware of. No secrets. */
export function planText(plan: JoinPlan, share: ShareDocument, file: string): string {
  const { remote, pinned, changes } = plan;
  const isKnown = pinned !== null && pinned.maker === plan.pin.maker;
  return [
    `Share ${originLines(share)}`,
    isKnown
      ? 'The signing key is the one that you have joined before.\n'
      : 'This is the first share of that key here: compare its fingerprint with the maker, by phone, before you agree.\n',
    ...warningsOf(share.layers).map((warning) => `WARNING: ${warning}\n`),
    changes.length > 0 ? `\nTo be written to ${file}:\n` : `\n${remote}: is in ${file} as the share says.\n`,
    ...changes.map(changeText),
    '\n',
  ].join('');
}

const notes = {
  new: '',
  update: '   # in place of what the last share wrote',
  replace: '   # REPLACES your own remote',
};

function changeText({ section, kind, values }: SectionChange): string {
  const roles = optionRoles(new Map(values).get('type') ?? '');
  const lines = values.map(([key, value]) => {
    const role = roles?.get(key);
    const isHidden = role === 'secret' || role === 'credential' || (role === 'address' && hasLogin(value));
    return `${key} = ${isHidden ? '***' : visible(value)}\n`;
  });
  return `\n[${section}]${notes[kind]}\n${lines.join('')}`;
}
