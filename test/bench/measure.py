"""Runs a command without its output: measure.py COMMAND... Prints wall s, CPU s (user and system), peak resident KiB."""
import resource
import subprocess
import sys
import time

# Whatever started this interpreter may have had children of its own.
before = resource.getrusage(resource.RUSAGE_CHILDREN)
start = time.monotonic()
status = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
print(wall, cpu, used.ru_maxrss)
sys.exit(status)
