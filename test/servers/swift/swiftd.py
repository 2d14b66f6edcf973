#!/usr/bin/python3
"""Serves a whole Swift from one interpreter: swiftd.py DIR ROLE...

A role is the name of a config in DIR, without ".conf": account, container, object, updater (of container.conf), or one
that starts with "proxy". The environment gives PORT_ACCOUNT, PORT_CONTAINER and PORT_OBJECT for the rings.

The modules are imported once, then one child is forked per role: that is what makes the stack come up in a second
instead of five. It also points Swift at DIR/swift.conf instead of /etc/swift, so that several stacks run side by side.
The children die with this process.
"""
import ctypes
import gc
import os
import re
import signal
import sys
import time

folder, *roles = sys.argv[1:]

import swift.common.utils as utils  # noqa: E402

utils.SWIFT_CONF_FILE = os.path.join(folder, 'swift.conf')
# only now: these read swift.conf when they are imported
import pkg_resources  # noqa: E402
import swift.account.server  # noqa: E402,F401
import swift.common.wsgi  # noqa: E402
import swift.container.server  # noqa: E402,F401
import swift.obj.server  # noqa: E402,F401
import swift.proxy.server  # noqa: E402,F401
from swift.common.daemon import run_daemon  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.container.updater import ContainerUpdater  # noqa: E402


def make_rings():
    """One device, one replica, few partitions."""
    for kind in ('account', 'container', 'object'):
        port = int(os.environ['PORT_' + kind.upper()])
        builder = RingBuilder(4, 1, 0)
        builder.add_dev({'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': port, 'device': 'd1', 'weight': 1.0,
                         'meta': '', 'replication_ip': '127.0.0.1', 'replication_port': port})
        builder.rebalance()
        builder.get_ring().save(os.path.join(folder, kind + '.ring.gz'))


def preload():
    """Imports what the pipelines name, once, before the forks."""
    for role in roles:
        path = os.path.join(folder, role + '.conf')
        if not os.path.exists(path):
            continue
        with open(path) as config:
            text = config.read()
        for egg, name in re.findall(r'^use *= *egg:(\S+)#(\S+)', text, re.M):
            for group in ('paste.app_factory', 'paste.filter_factory'):
                entry = pkg_resources.get_distribution(egg).get_entry_map(group).get(name)
                if entry:
                    entry.resolve()


class Updater(ContainerUpdater):
    """Sweeps in this process: the original forks a child a sweep, 10 % of a core when idle."""

    def run_forever(self, *args, **kwargs):
        while True:
            self.run_once()
            time.sleep(self.interval)


def serve(role):
    if role == 'updater':
        return run_daemon(Updater, os.path.join(folder, 'container.conf'), section_name='container-updater')
    kind = role.split('-')[0]
    extra = {'global_conf_callback': swift.obj.server.global_conf_callback} if kind == 'object' else {}
    return swift.common.wsgi.run_wsgi(os.path.join(folder, role + '.conf'), kind + '-server', **extra)


make_rings()
preload()
gc.freeze()
for role in roles:
    if os.fork() == 0:
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        sys.exit(serve(role))
pid, status = os.wait()
sys.exit('a Swift server ended with status %d' % status)
