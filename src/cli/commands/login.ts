import { Failure } from '../../core/failure.ts';
import { defineCommand } from '../command.ts';
import { loginFlags } from '../login/flags.ts';

export const command = defineCommand({
  usage: '[site]',
  summary: 'Log in to an OpenStack site, and write its remotes',
  help: `Logs in to the Keystone of an OpenStack site and writes the result into rclone.conf, so that coffer and rclone work in
every shell: the Swift remote allas: with a token that is valid for some hours (8 at CSC), and with --mode S3 or both the S3
remote s3allas: with keys that do not expire. It asks for the user, the password and the project. Nothing is written before
the site has let you in. Other remotes, and other options of these, stay as they are.

The site is allas (CSC's Allas) unless you name another. For a site that coffer does not know, give the address with
--auth-url; the name that you give for the site becomes the name of its remotes. Later the name is enough.

The password is taken from --user-password-command or OS_PASSWORD; otherwise you are asked, or it is read from standard
input. It is not kept, unless you say --keep-password: then it goes into the desktop's keyring (through secret-tool), or if
there is none into the config, provided that is sealed.

--renew gets a new token for the same user and project. --show shows who is logged in, and for how long. --logout ends the
login. --export prints the login as shell commands instead of writing it, for remotes with env_auth as allas_conf makes them.

    coffer login
    coffer login -u kkayttaj -p project_2001659 -m both
    coffer login --renew
    coffer login mysite --auth-url https://keystone.example.org:5000/v3
    eval "$(coffer login --export)"`,
  arguments: { min: 0, max: 1 },
  flags: loginFlags,
  async run(context) {
    const { show, logout, renew, export: isExport } = context.flags;
    if ([show, logout, renew || isExport].filter(Boolean).length > 1) {
      throw new Failure('usage', '--show, --logout and --renew do different things: give one of them');
    }
    if (show) return (await import('../login/show.ts')).showLogin(context);
    if (logout) return (await import('../login/log-out.ts')).logOut(context);
    return (await import('../login/log-in.ts')).logIn(context);
  },
});
