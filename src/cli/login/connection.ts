import { createIdentityService, type IdentityService } from '../../login/identity-service.ts';
import { findTarget, type Target } from '../../login/target.ts';
import { createHttpClient, type HttpClient } from '../../remotes/http/client.ts';
import type { CommandContext } from '../command.ts';
import { transportSettings } from '../settings.ts';
import type { loginFlags } from './flags.ts';

export type LoginContext = CommandContext<typeof loginFlags>;

/** A site's Keystone, and the remotes that a login there is for. */
export interface Connection extends AsyncDisposable {
  readonly target: Target;
  readonly service: IdentityService;
  readonly http: HttpClient;
}

/** Sends nothing yet. Throws Failure('usage') for a site or names that cannot be. */
export async function connect(context: LoginContext): Promise<Connection> {
  const { args, flags, io, log, session } = context;
  const isNew = !(flags.renew || flags.show || flags.logout);
  const wish = { site: args[0], name: flags.name, authUrl: flags['auth-url'], isNew };
  const target = findTarget(wish, await context.config(), io.environment);
  const settings = transportSettings(flags, log);
  const http = createHttpClient(settings, io.environment);
  return {
    target,
    http,
    service: createIdentityService(target.authUrl, { http, settings, report: log, signal: session.signal }),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}
