"""Does random things to one file of a mounted folder, and holds what it reads against a model in memory.
Arguments: the folder, the seed, how many things, where to write what the file must hold at the end. Prints its name."""

import mmap
import os
import random
import sys

folder, seed, count, expected = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
rng = random.Random(seed)
path = os.path.join(folder, f"file-{seed}")
model = bytearray()
fd = os.open(path, os.O_RDWR | os.O_CREAT)


def read(step):
    offset, length = rng.randrange(300_000), rng.randrange(1, 80_000)
    data = os.pread(fd, length, offset)
    assert data == model[offset : offset + length], f"seed {seed}, step {step}: wrong bytes at {offset}"


def write(step):
    offset, data = rng.randrange(300_000), rng.randbytes(rng.randrange(1, 60_000))
    os.pwrite(fd, data, offset)
    model.extend(bytes(max(0, offset - len(model))))
    model[offset : offset + len(data)] = data


def truncate(step):
    size = rng.randrange(350_000)
    os.ftruncate(fd, size)
    del model[size:]
    model.extend(bytes(size - len(model)))


def write_mapped(step):
    if len(model) < 10:
        return
    with mmap.mmap(fd, len(model)) as mapped:
        offset = rng.randrange(len(model) - 5)
        data = rng.randbytes(min(5_000, len(model) - offset))
        mapped[offset : offset + len(data)] = data
        model[offset : offset + len(data)] = data
        if rng.random() < 0.5:
            mapped.flush()


def append(step):
    data = rng.randbytes(rng.randrange(1, 9_000))
    other = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.write(other, data)
    os.close(other)
    model.extend(data)


def reopen(step):
    global fd
    os.close(fd)
    fd = os.open(path, os.O_RDWR)
    size = os.fstat(fd).st_size
    assert size == len(model), f"seed {seed}, step {step}: {size} bytes, not {len(model)}"


def rename(step):
    global path
    other = path[:-2] if path.endswith(".x") else path + ".x"
    os.rename(path, other)
    path = other


def sync(step):
    os.fsync(fd)


def drop_kernel_cache(step):
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)


actions = [read] * 4 + [write] * 3 + [truncate, write_mapped, append, reopen, rename, sync, drop_kernel_cache]
for step in range(count):
    rng.choice(actions)(step)
os.close(fd)
with open(expected, "wb") as out:
    out.write(model)
print(os.path.basename(path), end="")
