import { isObject, objectIn, objectsIn, textIn } from '../core/json.ts';
import { type Endpoint, endpointsIn, momentIn } from '../remotes/swift/catalogue.ts';
import type { IdentityAnswer, IdentityService } from './identity-service.ts';
import { notKeystone, passwordRefused, projectRefused, unexpected } from './refusals.ts';

// https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management

/** Who logs in. */
export interface Person {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
}

/** A project by its id, or by its name and that of its domain. */
export type ProjectChoice = { readonly id: string } | { readonly name: string; readonly domain: string };

/** Something named within a domain, by name: a user or a project. */
export interface Named {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

export interface Token {
  /** The secret itself. */
  readonly value: string;
  readonly user: Named;
  /** Null for a token that is good for no project. */
  readonly project: Named | null;
  readonly roles: readonly string[];
  /** Milliseconds since 1970; null when the service did not say. */
  readonly expires: number | null;
  /** The addresses of a type of service, as `object-store`. */
  endpoints(type: string): readonly Endpoint[];
}

/** A token that is good for no project. Throws Failure: 'denied' for a wrong user or password, 'unsupported' where more
 *  than a password is wanted. */
export async function logIn(service: IdentityService, person: Person): Promise<Token> {
  const { user, domain, password } = person;
  const identity = { methods: ['password'], password: { user: { name: user, domain: { name: domain }, password } } };
  // Said outright: a user with a default project would get a token for that.
  const auth = { identity, scope: 'unscoped' };
  const answer = await service.send({ method: 'POST', path: '/auth/tokens', body: { auth } });
  if (answer.status === 401 || answer.status === 403) throw passwordRefused(service.authUrl, person, answer);
  return tokenIn(service, answer);
}

/** The projects that `token`'s user has a role in, by name, disabled ones too. */
export async function listProjects(service: IdentityService, token: Pick<Token, 'value'>): Promise<readonly Project[]> {
  const answer = await service.send({ method: 'GET', path: '/auth/projects', token: token.value });
  const projects = answer.body?.projects;
  // The names are shown on a terminal, and chosen there by what is shown.
  if (!Array.isArray(projects) || !projects.every(isShownProject)) {
    throw unexpected(service.authUrl, 'the list of projects', answer);
  }
  return projects
    .map(({ id, name, enabled }) => ({ id, name, isEnabled: enabled !== false }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A token for a project, which ends when `token` ends. Throws Failure('denied'). */
export async function chooseProject(service: IdentityService, token: Token, choice: ProjectChoice): Promise<Token> {
  const identity = { methods: ['token'], token: { id: token.value } };
  const project = 'id' in choice ? choice : { name: choice.name, domain: { name: choice.domain } };
  const auth = { identity, scope: { project } };
  const answer = await service.send({ method: 'POST', path: '/auth/tokens', body: { auth } });
  if (answer.status === 401 || answer.status === 403) throw projectRefused(service.authUrl, choice, token.user.name);
  return tokenIn(service, answer);
}

/** What a token stands for; null when it has ended or was never one. */
export async function inspect(service: IdentityService, value: string): Promise<Token | null> {
  const answer = await service.send({ method: 'GET', path: '/auth/tokens', token: value, subjectToken: value });
  if (answer.status === 401 || (answer.status === 404 && answer.body !== null)) return null;
  return tokenIn(service, { ...answer, headers: { ...answer.headers, 'x-subject-token': value } });
}

/** Ends a token; one that has ended already is no error. */
export async function revoke(service: IdentityService, value: string): Promise<void> {
  const answer = await service.send({ method: 'DELETE', path: '/auth/tokens', token: value, subjectToken: value });
  if (![200, 204, 401, 404].includes(answer.status)) throw unexpected(service.authUrl, 'the end of a token', answer);
}

/** What Keystone says of a project wherever it shows one. */
export interface ShownProject {
  readonly id: string;
  readonly name: string;
  readonly enabled?: unknown;
}

export function isShownProject(value: unknown): value is ShownProject {
  if (!isObject(value)) return false;
  const { id, name } = value;
  return typeof id === 'string' && id !== '' && typeof name === 'string' && !/\p{Cc}/u.test(name);
}

function tokenIn(service: IdentityService, { status, headers, body }: IdentityAnswer): Token {
  const { user, project, roles, catalog, expires_at } = objectIn(body?.token);
  const value = headers['x-subject-token'];
  if (status < 200 || status > 299 || !isObject(user) || !value) throw notKeystone(service.authUrl, status);
  return {
    value,
    user: named(user),
    project: isObject(project) ? named(project) : null,
    roles: objectsIn(roles)
      .map(({ name }) => textIn(name))
      .sort(),
    expires: momentIn(expires_at),
    endpoints: (type) => endpointsIn(catalog, type),
  };
}

function named({ id, name, domain }: Readonly<Record<string, unknown>>): Named {
  return { id: textIn(id), name: textIn(name), domain: textIn(objectIn(domain).name) };
}
