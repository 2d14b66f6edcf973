"""One piece of work in a mounted folder: mount-work.py WORK FOLDER ARGUMENT... Prints how many seconds it took."""
import os
import random
import subprocess
import sys
import time

mebibyte = 1 << 20


def read(folder):
    with open(os.path.join(folder, "big"), "rb", buffering=0) as file:
        while file.read(mebibyte):
            pass


def read_randomly(folder, count):
    chance = random.Random(1)
    fd = os.open(os.path.join(folder, "big"), os.O_RDONLY)
    pages = os.fstat(fd).st_size // 4096
    for _ in range(int(count)):
        assert len(os.pread(fd, 4096, chance.randrange(pages) * 4096)) == 4096
    os.close(fd)


def write(folder, size):
    piece = os.urandom(mebibyte)
    with open(os.path.join(folder, "big"), "wb", buffering=0) as file:
        for _ in range(int(size) // mebibyte):
            file.write(piece)


def write_to_the_end(folder, size, store, sealed_size):
    """Until the store, a folder, holds it all."""
    write(folder, size)
    while sum(size_of(os.path.join(store, name)) for name in os.listdir(store)) < int(sealed_size):
        time.sleep(0.005)


def size_of(path):
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        # It has got its last name meanwhile.
        return 0


def list_all(folder):
    subprocess.run(["ls", "-lR", folder], check=True, stdout=subprocess.DEVNULL)


def stat(folder):
    for parent, _, names in os.walk(folder):
        for name in names:
            os.stat(os.path.join(parent, name))


def create(folder, count):
    for number in range(int(count)):
        os.close(os.open(os.path.join(folder, f"file-{number}"), os.O_WRONLY | os.O_CREAT))


def copy_in(folder, source):
    subprocess.run(["cp", "-r", source, os.path.join(folder, "copy")], check=True)


work, folder, *rest = sys.argv[1:]
start = time.monotonic()
globals()[work](folder, *rest)
print(time.monotonic() - start)
