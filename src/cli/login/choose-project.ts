import { Failure } from '../../core/failure.ts';
import type { Project, ProjectChoice } from '../../login/keystone.ts';
import { type Choice, choose } from '../config/ask.ts';
import type { Dialog } from '../config/dialog.ts';

/** What the user said of the project, or what a remote has so far. */
export interface ProjectWish {
  /** Name or id; undefined to be asked. */
  readonly name: string | undefined;
  readonly domain: string | undefined;
  /** What Enter stands for. */
  readonly suggested: string;
}

/** The project that the user names, or the only one, or the one chosen from a list.
 *  Throws Failure('denied') where there is none, or none of that name. */
export async function chooseFrom(
  projects: readonly Project[],
  { name, domain, suggested }: ProjectWish,
  dialog: Dialog,
): Promise<ProjectChoice> {
  if (name !== undefined) return findProject(projects, name, domain);
  const open = projects.filter(({ isEnabled }) => isEnabled);
  const [only] = open;
  if (only === undefined) {
    throw new Failure('denied', 'this user is in no project: ask for membership in one, or check the user');
  }
  if (open.length === 1) return { id: only.id };
  const choices = open.map((project) => choiceOf(project, open));
  const isThere = choices.some(({ value }) => value === suggested);
  const question = { name: 'project', kind: 'project', required: true, ...(isThere && { default: suggested }) };
  return findProject(open, await choose(dialog, question, choices, false), undefined);
}

/** By name, by id where another project of another domain has the name too. */
function choiceOf({ id, name }: Project, all: readonly Project[]): Choice {
  return all.filter((other) => other.name === name).length > 1 ? { value: id, help: name } : { value: name };
}

function findProject(projects: readonly Project[], wanted: string, domain: string | undefined): ProjectChoice {
  const found = projects.filter(({ id, name }) => id === wanted || name === wanted);
  const others = projects.flatMap(({ name, isEnabled }) => (isEnabled ? name : []));
  const instead = others.length === 0 ? 'there is no other' : `there are ${others.join(', ')}`;
  const [project] = found;
  if (project === undefined) throw new Failure('denied', `this user is in no project "${wanted}"; ${instead}`);
  if (found.length === 1 && !project.isEnabled) {
    throw new Failure('denied', `the project "${wanted}" is disabled; ${instead}`);
  }
  if (domain && project.name === wanted) return { name: wanted, domain };
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new Failure('usage', `there are several projects "${wanted}" (${ids}): give the id, or --project-domain`);
  }
  return { id: project.id };
}
