import { Failure } from '../core/failure.ts';

// rclone's fspath.CheckConfigName. Newer versions take letters and digits of any script.
const remoteName = /^(?!-)[\w\p{L}\p{N}.+@ -]+(?<! )$/u;

/** Throws Failure('usage') for a name that a remote of rclone.conf cannot have. */
export function checkRemoteName(name: string): void {
  if (remoteName.test(name)) return;
  throw new Failure(
    'usage',
    `bad name "${name}" for a remote: it may hold letters, digits, \`_\`, \`-\`, \`.\`, \`+\`, \`@\` and spaces, and neither start with \`-\` nor end with a space`,
  );
}
