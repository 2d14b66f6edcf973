import { randomBytes } from 'node:crypto';
import { obscure } from '../../config/obscure.ts';
import { confirm, newPassword, pick } from './ask.ts';
import type { Dialog } from './dialog.ts';

const typeIn = 'Yes, type in my own password';
const generate = 'Generate random password';
const fewestBits = 64;
const mostBits = 1024;

/** Lets the user type or generate a password, or leave things as they are. Returns it obscured; `current`, which is
 *  obscured too, or '', when nothing was changed. */
export async function askPassword(dialog: Dialog, current: string, required: boolean): Promise<string> {
  const leave = current !== '' ? 'No, keep existing' : required ? null : 'No, leave this optional password blank';
  await dialog.say(`Choose an alternative below.${leave === null ? '' : ' Press Enter for the default (n).'}`);
  const action =
    leave === null
      ? await pick(dialog, { y: typeIn, g: generate })
      : await pick(dialog, { y: typeIn, g: generate, n: leave }, { fallback: 'n' });
  if (action === 'n') return current;
  return obscure(action === 'y' ? await newPassword(dialog, 'the') : await generatePassword(dialog));
}

async function generatePassword(dialog: Dialog): Promise<string> {
  for (;;) {
    await dialog.say(
      `Password strength in bits.\n${fewestBits} is just about memorable\n128 is secure\n${mostBits} is the maximum`,
    );
    const password = randomBytes(Math.ceil((await askBits(dialog)) / 8)).toString('base64url');
    await dialog.say(`Your password is: ${password}`);
    await dialog.say(
      'Use this password? It is shown only this once: keep it in a safe place. Without it, the data is lost.\nThe config file will hold it obscured.',
    );
    if (await confirm(dialog, true)) return password;
  }
}

async function askBits(dialog: Dialog): Promise<number> {
  for (;;) {
    const answer = await dialog.line('Bits> ');
    const bits = /^\d+$/.test(answer) ? Number(answer) : Number.NaN;
    if (bits >= fewestBits && bits <= mostBits) return bits;
    await dialog.say(`Give a number from ${fewestBits} to ${mostBits}.`);
  }
}
