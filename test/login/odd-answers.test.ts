import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { isFailure } from '../../src/core/failure.ts';
import { silentReport } from '../../src/core/report.ts';
import { ec2Keys } from '../../src/login/ec2.ts';
import { findProject } from '../../src/login/find-project.ts';
import { createIdentityService } from '../../src/login/identity-service.ts';
import { listProjects, logIn, type Token } from '../../src/login/keystone.ts';
import { tokenLife } from '../../src/login/life.ts';
import { regionsOf, s3EndpointOf, swiftStorageOf } from '../../src/login/storage.ts';
import type { Target } from '../../src/login/target.ts';
import { createHttpClient } from '../../src/remotes/http/client.ts';
import { oddVariants } from '../odd-json.ts';
import { listen } from '../remotes/http/listen.ts';
import { transportSettings } from '../remotes/settings.ts';

const project = { id: 'p1', name: 'project_2000001', enabled: true, domain: { id: 'default', name: 'Default' } };
const endpoint = { interface: 'public', region: 'r', url: 'http://127.0.0.1/v1/AUTH_p1' };
const tokenAnswer = {
  token: {
    expires_at: '2030-01-31T12:00:00.000000Z',
    user: { id: 'u1', name: 'alice', domain: { id: 'default', name: 'Default' } },
    project,
    roles: [{ name: 'member' }],
    catalog: [
      { type: 'object-store', endpoints: [endpoint] },
      { type: 's3', endpoints: [endpoint] },
    ],
  },
};
const keys = { access: 'a', secret: 's', tenant_id: 'p1', trust_id: null };
const person = { user: 'alice', domain: 'Default', password: 'x' };
const target: Target = {
  name: 'lab',
  s3Name: 's3lab',
  authUrl: 'http://127.0.0.1/v3',
  preset: undefined,
  known: null,
  s3Endpoint: '',
  s3AccessKey: undefined,
};

function useToken(token: Token): void {
  tokenLife(token.expires, 0);
  for (const { name, domain } of [token.user, token.project ?? token.user]) (name + domain).trim();
  for (const region of regionsOf(token)) region.trim();
  for (const find of [swiftStorageOf, s3EndpointOf]) {
    try {
      find(token, target, '').trim();
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
  }
}

test('whatever a Keystone answers is used or a failure', async () => {
  const answer = { status: 200, body: '' };
  const server = createServer((request, response) => {
    const headers = { 'x-subject-token': 't', ...(answer.status === 401 && { 'openstack-auth-receipt': 'r' }) };
    request.resume().once('end', () => response.writeHead(answer.status, headers).end(answer.body));
  });
  const url = `http://${await listen(server)}/v3`;
  await using http = createHttpClient(transportSettings);
  const surroundings = {
    http,
    settings: transportSettings,
    report: silentReport,
    signal: new AbortController().signal,
  };
  const service = createIdentityService(url, surroundings);
  answer.body = JSON.stringify(tokenAnswer);
  const token = await logIn(service, person);

  const find = async () => (await findProject(service, token, 'project_2000001'))?.name.trim();
  const keysOf = async () => (await ec2Keys(service, token, undefined)).keys.secret.trim();
  const cases: readonly (readonly [object, () => Promise<unknown>])[] = [
    [tokenAnswer, async () => useToken(await logIn(service, person))],
    [{ projects: [project] }, async () => (await listProjects(service, token)).map(({ name }) => name.trim())],
    [{ projects: [project], project }, find],
    [{ credentials: [keys] }, keysOf],
    [{ credentials: [], credential: keys }, keysOf],
    [{ error: { message: 'no' }, required_auth_methods: [['password', 'totp']] }, () => logIn(service, person)],
  ];
  for (const [usual, work] of cases) {
    answer.status = 'error' in usual ? 401 : 200;
    for (const variant of oddVariants(usual)) {
      answer.body = JSON.stringify(variant);
      try {
        await work();
      } catch (error) {
        if (!isFailure(error)) throw new Error(answer.body, { cause: error });
        expect(error.message).not.toMatch(/undefined|\[object/);
      }
    }
  }
});
