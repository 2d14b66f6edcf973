#!/usr/bin/python3
"""Makes the Keystone database of the tests, in one process: setup.py CONF.

Does what `keystone-manage db_sync; fernet_setup; credential_setup; bootstrap`
and some twenty `openstack ...` calls would do, through the same Keystone code,
but imports Keystone once (about 4 s instead of a minute).

Creates (ids and keys fixed, so tests can name them):
  domains   Default, users ("lab users": to test differing user/project domains)
  projects  in Default: admin, service, project_2000001, project_2000002
  users     admin/admin                            admin everywhere
            alice/alicepw   (Default)              member of project_2000001
            bob/bobpw       (Default)              member of project_2000002
            carol/carolpw   (domain users)         member of both projects
            dave/davepw     (Default)              reader of project_2000001
            swift/swiftpw   (service, admin role)  validates tokens for Swift and radosgw
  EC2 keys  ec2-alice/ec2-alice-secret (project_2000001), ec2-bob/ec2-bob-secret (…2)
  app cred  id = md5("appcred-alice"), name lab, secret appcred-secret (alice, project_2000001)
  catalog   identity; object-store in region "swift" and in region "rgw"
"""
import json
import hashlib
import os
import sys

conf_file = sys.argv[1]
env = os.environ
sys.argv = ['keystone-manage', '--config-file', conf_file]

import keystone.conf                                              # noqa: E402
from keystone.cmd import bootstrap                                # noqa: E402
from keystone.common import fernet_utils, provider_api, sql       # noqa: E402
from keystone.common.sql import upgrades                          # noqa: E402

CONF = keystone.conf.CONF
keystone.conf.configure()
sql.initialize()
keystone.conf.set_default_for_default_log_levels()
CONF(args=[], project='keystone', default_config_files=[conf_file])
keystone.conf.setup_logging()

upgrades.offline_sync_database_to_version(None)

# Write-ahead log: without it a reader left open blocks a commit for 5 s, then
# the request dies ("database is locked"), as every first wrong password did.
import sqlite3                                                    # noqa: E402
sqlite3.connect(CONF.database.connection.split('///', 1)[1]).execute(
    'PRAGMA journal_mode=WAL')

for section, repo in (('fernet_tokens', CONF.fernet_tokens.key_repository),
                      ('credential', CONF.credential.key_repository)):
    fu = fernet_utils.FernetUtils(
        repo, getattr(CONF, section).max_active_keys
        if section == 'fernet_tokens' else 3, section)
    fu.create_key_directory()
    fu.initialize_key_repository()

b = bootstrap.Bootstrapper()
b.admin_password = 'admin'
b.admin_username = 'admin'
b.project_name = 'admin'
b.admin_role_name = 'admin'
b.service_name = 'keystone'
b.service_id = None
b.region_id = 'swift'
b.public_url = b.internal_url = b.admin_url = env['KEYSTONE_URL'] + '/v3'
b.immutable_roles = True
b.bootstrap()

P = provider_api.ProviderAPIs
DOM = 'default'
USERS = hashlib.md5(b'users').hexdigest()
roles = {r['name']: r['id'] for r in P.role_api.list_roles()}
for name in ('ResellerAdmin', 'swiftoperator'):
    rid = hashlib.md5(name.encode()).hexdigest()
    P.role_api.create_role(rid, {'id': rid, 'name': name})
    roles[name] = rid
P.resource_api.create_domain(USERS, {
    'id': USERS, 'name': 'users', 'enabled': True, 'description': ''})


def project(name, pid):
    P.resource_api.create_project(pid, {
        'id': pid, 'name': name, 'domain_id': DOM, 'enabled': True,
        'description': ''})
    return pid


SERVICE = project('service', '5e' * 16)
P1 = project('project_2000001', '2000001' + '0' * 24 + '1')
P2 = project('project_2000002', '2000002' + '0' * 24 + '2')


def user(name, password, grants, domain=DOM):
    u = P.identity_api.create_user({
        'name': name, 'password': password, 'domain_id': domain,
        'enabled': True, 'default_project_id': grants[0][0]})
    for pid, role in grants:
        P.assignment_api.add_role_to_user_and_project(
            u['id'], pid, roles[role])
    return u['id']


alice = user('alice', 'alicepw', [(P1, 'member')])
bob = user('bob', 'bobpw', [(P2, 'member')])
user('carol', 'carolpw', [(P1, 'member'), (P2, 'member')], USERS)
user('dave', 'davepw', [(P1, 'reader')])
user('swift', 'swiftpw', [(SERVICE, 'admin')])


def ec2(uid, pid, access, secret):
    cid = hashlib.sha256(access.encode()).hexdigest()
    P.credential_api.create_credential(cid, {
        'id': cid, 'user_id': uid, 'project_id': pid, 'type': 'ec2',
        'blob': json.dumps({'access': access, 'secret': secret,
                            'trust_id': None, 'app_cred_id': None,
                            'access_token_id': None})})


ec2(alice, P1, 'ec2-alice', 'ec2-alice-secret')
ec2(bob, P2, 'ec2-bob', 'ec2-bob-secret')

P.application_credential_api.create_application_credential({
    'id': hashlib.md5(b'appcred-alice').hexdigest(), 'name': 'lab',
    'secret': 'appcred-secret', 'user_id': alice, 'project_id': P1,
    'roles': [{'id': roles['member']}], 'unrestricted': False,
    'expires_at': None, 'description': ''})

sid = hashlib.md5(b'object-store').hexdigest()
P.catalog_api.create_service(sid, {
    'id': sid, 'type': 'object-store', 'name': 'swift', 'enabled': True})
for region, url in (('swift', env['SWIFT_ENDPOINT']), ('rgw', env['CEPH_ENDPOINT'])):
    if region != 'swift':
        P.catalog_api.create_region({'id': region, 'description': ''})
    for iface in ('public', 'internal', 'admin'):
        eid = hashlib.md5((region + iface).encode()).hexdigest()
        P.catalog_api.create_endpoint(eid, {
            'id': eid, 'interface': iface, 'region_id': region,
            'service_id': sid, 'url': url, 'enabled': True})
