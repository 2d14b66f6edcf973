import { Failure } from '../../core/failure.ts';
import { defineCommand } from '../command.ts';
import { completionScript, shells } from '../completion/scripts.ts';
import { toggle } from '../flags.ts';

export const command = defineCommand({
  usage: 'bash|zsh|fish',
  summary: 'Generate the autocompletion script for the specified shell',
  help: `Prints a script with which the Tab key of your shell completes commands, flags and their values, the remotes of your
rclone.conf, and files. The script asks coffer, so it need not be made again after an update; \`coffer\` must be on your PATH.
A config that is sealed with a password shows no remotes, unless RCLONE_CONFIG_PASS holds the password.

    source <(coffer completion bash)                                                 # in ~/.bashrc
    coffer completion bash | sudo tee /etc/bash_completion.d/coffer > /dev/null      # for everybody
    source <(coffer completion zsh)                                                  # in ~/.zshrc, behind compinit
    coffer completion fish > ~/.config/fish/completions/coffer.fish`,
  arguments: { min: 1, max: 1 },
  flags: { 'no-descriptions': toggle('Disable completion descriptions') },
  async run({ args, flags, io }) {
    const shell = shells.find((name) => name === args[0]);
    if (!shell) throw new Failure('usage', `no completion for "${args[0]}": the shells are ${shells.join(', ')}`);
    await io.stdout.write(completionScript(shell, !flags['no-descriptions'] && shell !== 'bash'));
  },
});
