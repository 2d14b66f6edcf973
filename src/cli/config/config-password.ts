import { newPassword, pick } from './ask.ts';
import type { Wizard } from './wizard.ts';

const open = `Your configuration is not encrypted.
If you add a password, you protect what it holds: logins, and the passwords of your crypt remotes.
Answer p instead of a for a form that makes guessing the password much harder. Only coffer opens that, rclone does not.`;

const sealed = {
  rclone: `Your configuration is encrypted, in rclone's form.
Answer p instead of c for a form that makes guessing the password much harder. Only coffer opens that, rclone does not.`,
  scrypt: "Your configuration is encrypted, in coffer's form (scrypt), which rclone does not open.",
};

/** `s) Set configuration password`. The lists and prompts are rclone's, as scripts expect them; `p` is ours. */
export async function setPassword({ dialog, file }: Wizard): Promise<void> {
  for (;;) {
    const form = await file.kdf();
    await dialog.say(form === null ? open : sealed[form]);
    const quit = { q: 'Quit to main menu' };
    const action =
      form === null
        ? await pick(dialog, { a: 'Add Password', ...quit }, { unlisted: ['p'] })
        : await pick(dialog, { c: 'Change Password', u: 'Unencrypt configuration', ...quit }, { unlisted: ['p'] });
    if (action === 'q') return;
    if (action === 'u') {
      await file.seal(null);
      continue;
    }
    const password = await newPassword(dialog, 'NEW configuration');
    await file.seal({ password, kdf: action === 'p' ? 'scrypt' : (form ?? 'rclone') });
    await dialog.say(form === null ? 'Password set' : 'Password changed');
  }
}
