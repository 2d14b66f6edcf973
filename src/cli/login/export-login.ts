import { shellLines } from '../../login/environment.ts';
import { writeEnvironmentRemote } from '../../login/sections.ts';
import { swiftStorageOf } from '../../login/storage.ts';
import type { Admission } from './admission.ts';
import type { Connection, LoginContext } from './connection.ts';
import { lifeLine } from './outcome.ts';

/** Prints the login for a shell. A remote that reads it there is made where there is none. */
export async function exportLogin(context: LoginContext, { target }: Connection, admission: Admission): Promise<void> {
  const { flags, io, log } = context;
  const { user, project, token } = admission;
  const { name, known, authUrl } = target;
  const region = flags.region ?? known?.region ?? '';
  const storageUrl = swiftStorageOf(token, target, region);
  const file = context.configFile();
  if (known !== null && !known.isFromEnvironment) {
    log.notice(name, 'this remote has a login of its own: it does not see what is exported');
  } else if (known === null && file.path !== null) {
    await file.update((draft) => draft.section(name) ?? writeEnvironmentRemote(draft, name));
  }
  await io.stdout.write(shellLines({ authUrl, user, project, region, token: token.value, storageUrl }));
  log.notice(name, lifeLine(admission, io.date()));
}
