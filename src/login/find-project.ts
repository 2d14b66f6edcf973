import { Failure } from '../core/failure.ts';
import type { IdentityAnswer, IdentityService } from './identity-service.ts';
import { isShownProject, listProjects, type Project, type Token } from './keystone.ts';

export type FoundProject = Pick<Project, 'id' | 'name'>;

/** The project that `wanted` names, by its id or its name, as far as the site tells: its own projects everybody may look
 *  up, others mostly only administrators. Null where it does not tell. Throws Failure('usage') for a project that is known
 *  not to be there, and for a name that several have. */
export async function findProject(
  service: IdentityService,
  token: Pick<Token, 'value'>,
  wanted: string,
): Promise<FoundProject | null> {
  const own = (await listProjects(service, token)).filter(({ id, name }) => id === wanted || name === wanted);
  if (own.length > 0) return onlyOne(own, wanted);
  const get = (path: string) => service.send({ method: 'GET', path, token: token.value });
  const byId = await get(`/projects/${encodeURIComponent(wanted)}`);
  const project = byId.body?.project;
  if (isTold(byId) && isShownProject(project)) return { id: project.id, name: project.name };
  const byName = await get(`/projects?name=${encodeURIComponent(wanted)}`);
  const projects = byName.body?.projects;
  if (!isTold(byName) || !Array.isArray(projects) || !projects.every(isShownProject)) return null;
  if (projects.length > 0) return onlyOne(projects, wanted);
  // An answer about names alone says nothing of ids.
  if (byId.status !== 404) return null;
  throw new Failure('usage', `there is no project "${wanted}" at ${service.authUrl}`);
}

function isTold({ status }: IdentityAnswer): boolean {
  return status >= 200 && status < 300;
}

function onlyOne(projects: readonly FoundProject[], wanted: string): FoundProject {
  const [project, ...others] = projects;
  if (project && others.length === 0) return { id: project.id, name: project.name };
  const ids = projects.map(({ id }) => id).join(', ');
  throw new Failure('usage', `there are several projects "${wanted}" (${ids}): give the id`);
}
