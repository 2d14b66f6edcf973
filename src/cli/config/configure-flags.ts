import { textFlag, toggle } from '../flags.ts';

/** The flags of `config create` and `config update`. */
export const configureFlags = {
  all: toggle('Ask the full set of config questions'),
  continue: toggle('Continue the configuration process with an answer'),
  'no-obscure': toggle('Force any passwords not to be obscured'),
  'non-interactive': toggle("Don't interact with user and return questions"),
  obscure: toggle('Force any passwords to be obscured'),
  result: textFlag('Result - use with --continue'),
  state: textFlag('State - use with --continue'),
};
