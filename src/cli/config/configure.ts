import type { Backend } from '../../core/backend.ts';
import { Failure } from '../../core/failure.ts';
import type { CommandContext } from '../command.ts';
import { askOptions } from './ask-options.ts';
import type { Values } from './asked-options.ts';
import type { configureFlags } from './configure-flags.ts';
import { openDialog } from './dialog.ts';
import { type PasswordsAre, storedValues } from './given-values.ts';
import { nextQuestion } from './next-question.ts';
import { remoteText } from './shown-values.ts';

/** A remote that a command line configures. */
export interface Configured {
  readonly name: string;
  readonly backend: Backend;
  /** What it starts from. */
  readonly values: Values;
  /** The options of the command line, as they were given. */
  readonly given: Values;
}

/** What `config create` and `config update` have in common: puts the given options into the remote, asks for the others
 *  where that is wanted, saves the result with `save` and prints it, or the next question. */
export async function configure(
  context: CommandContext<typeof configureFlags>,
  { name, backend, values, given }: Configured,
  save: (values: Values) => Promise<void>,
): Promise<void> {
  const { flags, io, log, session } = context;
  const passwords = passwordsAre(flags);
  const stored = storedValues(given, backend, passwords, log);
  const started: Values = new Map([...values, ...stored]);
  if (flags['non-interactive'] || flags.continue) {
    const state = flags.state || (flags.all ? '*all' : '');
    const answer = { state, result: flags.result, isObscured: passwords === 'obscured' };
    const step = nextQuestion(backend, started, given, answer);
    await save(step.values);
    const message = { State: step.state, Option: step.question, Error: '', Result: '' };
    await io.stdout.write(`${JSON.stringify(message, null, '\t')}\n`);
    return;
  }
  const complete = flags.all ? await askOptions(openDialog(io, session.signal), backend, started, stored) : started;
  await save(complete);
  await io.stdout.write(remoteText(name, complete, backend.options));
}

function passwordsAre(flags: CommandContext<typeof configureFlags>['flags']): PasswordsAre {
  if (flags.obscure && flags['no-obscure']) {
    throw new Failure('usage', "can't use --obscure and --no-obscure together");
  }
  return flags.obscure ? 'plain' : flags['no-obscure'] ? 'obscured' : 'either';
}
