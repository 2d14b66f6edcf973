import { randomBytes } from 'node:crypto';
import type { KeystoneAccess } from '../../servers/keystone.ts';

/** A Keystone with a user of the test's own, so that nothing that other tests use is changed. */
export interface Site {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Two that the user is a member of, in the order of their names. */
  readonly projects: readonly [Project, Project];
  /** A request as the administrator. Throws unless it answers 2xx. */
  admin(method: string, path: string, body?: object): Promise<Answer>;
  /** A token for one of the projects. */
  token(project?: Project): Promise<string>;
  /** The access keys that the user has. */
  accessKeys(): Promise<readonly string[]>;
  readonly userId: string;
}

export interface Project {
  readonly id: string;
  readonly name: string;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever Keystone answers
type Answer = any;

const domain = { name: 'Default' };
// A busy Keystone drops connections between two requests.
const usual = { 'Content-Type': 'application/json', Connection: 'close' };

export async function createSite({ url }: KeystoneAccess): Promise<Site> {
  const adminToken = await logIn(url, 'admin', 'admin', { project: { name: 'admin', domain } });
  const admin: Site['admin'] = async (method, path, body) => {
    const response = await fetch(`${url}/v3${path}`, {
      method,
      headers: { ...usual, 'X-Auth-Token': adminToken },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const mark = randomBytes(3).toString('hex');
  const user = `user-${mark}`;
  // What a shell, a URL, JSON or a config could trip over.
  const password = `pässword "$(x)" 'y' \\ # ; ${mark}`;
  const created = await admin('POST', '/users', { user: { name: user, password, domain_id: 'default' } });
  const userId: string = created.user.id;
  const { roles } = await admin('GET', '/roles?name=member');
  const addProject = async (name: string): Promise<Project> => {
    const { project } = await admin('POST', '/projects', {
      project: { name: `${name}-${mark}`, domain_id: 'default' },
    });
    await admin('PUT', `/projects/${project.id}/users/${userId}/roles/${roles[0].id}`);
    return project;
  };
  const projects = [await addProject('project-a'), await addProject('project-b')] as const;
  const token: Site['token'] = (project = projects[0]) => logIn(url, user, password, { project: { id: project.id } });
  return {
    ...{ url: `${url}/v3`, user, password, projects, admin, token, userId },
    async accessKeys() {
      const { credentials } = await admin('GET', `/users/${userId}/credentials/OS-EC2`);
      return credentials.map(({ access }: { access: string }) => access);
    },
  };
}

async function logIn(url: string, name: string, password: string, scope: object): Promise<string> {
  const identity = { methods: ['password'], password: { user: { name, domain, password } } };
  const response = await fetch(`${url}/v3/auth/tokens`, {
    method: 'POST',
    headers: usual,
    body: JSON.stringify({ auth: { identity, scope } }),
  });
  if (!response.ok) throw new Error(`cannot log in as ${name}: ${response.status}`);
  return response.headers.get('x-subject-token') ?? '';
}
