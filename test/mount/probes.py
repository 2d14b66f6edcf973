"""What a folder does, as programs see it: probes.py FOLDER. Prints {probe: outcome} as JSON.

Each probe works in an empty folder of its own. An outcome is what the calls gave, and the errno's name where one failed.
"""
import ctypes
import errno
import fcntl
import json
import mmap
import os
import select
import signal
import stat
import struct
import sys
import threading

libc = ctypes.CDLL(None, use_errno=True)
AT_FDCWD = -100
UTIME_NOW = (1 << 30) - 1
UTIME_OMIT = (1 << 30) - 2
RENAME_NOREPLACE, RENAME_EXCHANGE = 1, 2
FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE = 1, 2

probes = {}


def probe(function):
    probes[function.__doc__] = function
    return function


# --- what the probes are made of


def attempt(call, *args, **named):
    """The errno's name where it fails, what it returns where it does not."""
    try:
        return call(*args, **named)
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))


def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
    return result


def write(path, data=b"some text", mode=0o644):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    os.write(fd, data)
    os.close(fd)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def text(path):
    return read(path).decode("latin1")


def names(path="."):
    return sorted(os.listdir(path))


def open_only(path, flags, mode=0o644):
    os.close(os.open(path, flags, mode))
    return "opened"


def renameat2(one, other, flags):
    checked(libc.renameat2(AT_FDCWD, one.encode(), AT_FDCWD, other.encode(), flags))


def utimensat(path, accessed, modified):
    """Each time as (seconds, nanoseconds)."""
    times = struct.pack("=4q", *accessed, *modified)
    checked(libc.utimensat(AT_FDCWD, path.encode(), times, 0))


def fallocate(fd, mode, offset, length):
    checked(libc.fallocate(fd, mode, ctypes.c_long(offset), ctypes.c_long(length)))


def in_child(action):
    """The outcome of `action` in another process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.write(writer, json.dumps(attempt(action)).encode())
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        outcome = json.loads(pipe.read())
    os.waitpid(child, 0)
    return outcome


# --- opening


@probe
def _():
    "open: a file that is not there"
    return attempt(open_only, "none", os.O_RDONLY)


@probe
def _():
    "open: O_CREAT in a folder that is not there"
    return attempt(open_only, "none/file", os.O_WRONLY | os.O_CREAT)


@probe
def _():
    "open: O_EXCL on what is there"
    write("file")
    os.mkdir("folder")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return [attempt(open_only, name, flags) for name in ("file", "folder", "new", "new")]


@probe
def _():
    "open: O_EXCL by eight processes lets one in"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    outcomes = []
    threads = [threading.Thread(target=lambda: outcomes.append(attempt(open_only, "file", flags))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@probe
def _():
    "open: O_TRUNC empties"
    write("file")
    os.close(os.open("file", os.O_WRONLY | os.O_TRUNC))
    return os.stat("file").st_size


@probe
def _():
    "open: O_TRUNC shows in a handle that was open before"
    write("file")
    with open("file", "rb") as before:
        os.close(os.open("file", os.O_WRONLY | os.O_TRUNC))
        return [os.fstat(before.fileno()).st_size, before.read().decode()]


@probe
def _():
    "open: O_DIRECTORY on a file"
    write("file")
    return attempt(open_only, "file", os.O_RDONLY | os.O_DIRECTORY)


@probe
def _():
    "open: a folder for writing"
    os.mkdir("folder")
    return [attempt(open_only, "folder", flags) for flags in (os.O_WRONLY, os.O_RDWR, os.O_RDONLY)]


@probe
def _():
    "open: a trailing slash"
    write("file")
    return [attempt(open_only, "file/", os.O_RDONLY), attempt(open_only, "new/", os.O_WRONLY | os.O_CREAT)]


@probe
def _():
    "open: O_CREAT on what is there keeps it"
    write("file")
    os.close(os.open("file", os.O_WRONLY | os.O_CREAT))
    return text("file")


@probe
def _():
    "open: the way of a handle is kept to"
    write("file")
    reader = os.open("file", os.O_RDONLY)
    writer = os.open("file", os.O_WRONLY)
    return [attempt(os.write, reader, b"x"), attempt(os.read, writer, 1), attempt(os.ftruncate, reader, 0)]


@probe
def _():
    "open: O_PATH"
    write("file")
    fd = os.open("file", os.O_PATH)
    return [os.fstat(fd).st_size, attempt(os.read, fd, 1)]


@probe
def _():
    "open: O_TMPFILE"
    return attempt(open_only, ".", os.O_TMPFILE | os.O_RDWR)


@probe
def _():
    "open: 300 at a time"
    handles = [os.open(f"file-{i}", os.O_RDWR | os.O_CREAT) for i in range(300)]
    for i, fd in enumerate(handles):
        os.write(fd, b"%d" % i)
    seen = [os.pread(fd, 10, 0) for fd in handles]
    for fd in handles:
        os.close(fd)
    return seen == [b"%d" % i for i in range(300)] and len(names())


@probe
def _():
    "open: a file of mode 0 by root"
    write("file", mode=0)
    return text("file")


# --- reading and writing


@probe
def _():
    "append: two handles take turns"
    one, other = (os.open("file", os.O_WRONLY | os.O_CREAT | os.O_APPEND) for _ in range(2))
    for i in range(6):
        os.write((one, other)[i % 2], b"%d" % i)
    os.close(one)
    os.close(other)
    return text("file")


@probe
def _():
    "append: two processes side by side lose nothing"

    def lines(letter):
        fd = os.open("file", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for _ in range(50):
            os.write(fd, letter * 99 + b"\n")
        os.close(fd)

    write("file", b"")
    child = os.fork()
    if child == 0:
        lines(b"a")
        os._exit(0)
    lines(b"b")
    os.waitpid(child, 0)
    found = read("file").split(b"\n")
    return [len(found), all(len(set(line)) == 1 and len(line) == 99 for line in found[:-1])]


@probe
def _():
    "append: pwrite goes to the end as well"
    write("file", b"0123")
    fd = os.open("file", os.O_WRONLY | os.O_APPEND)
    os.pwrite(fd, b"x", 0)
    os.close(fd)
    return text("file")


@probe
def _():
    "append: what is changed in memory stays in its place"
    fd = os.open("file", os.O_RDWR | os.O_CREAT | os.O_APPEND)
    os.write(fd, b"a" * 10000)
    with mmap.mmap(fd, 10000) as memory:
        memory[4096:4100] = b"here"
        memory.flush()
    os.close(fd)
    data = read("file")
    return [len(data), data.index(b"here")]


@probe
def _():
    "append: no more once a program does without"
    fd = os.open("file", os.O_RDWR | os.O_CREAT | os.O_APPEND)
    os.write(fd, b"0123")
    fcntl.fcntl(fd, fcntl.F_SETFL, 0)
    os.pwrite(fd, b"x", 0)
    os.close(fd)
    return text("file")


@probe
def _():
    "append: after somebody has cut the file"
    write("file", b"0123456789")
    fd = os.open("file", os.O_WRONLY | os.O_APPEND)
    os.truncate("file", 3)
    os.write(fd, b"x")
    os.close(fd)
    return text("file")


@probe
def _():
    "write: shows at once in another handle"
    writer = os.open("file", os.O_WRONLY | os.O_CREAT)
    reader = os.open("file", os.O_RDONLY)
    seen = []
    for piece in (b"one", b" two"):
        os.write(writer, piece)
        seen.append(os.pread(reader, 100, 0).decode())
    return seen


@probe
def _():
    "write: shows at once in another process"
    fd = os.open("file", os.O_WRONLY | os.O_CREAT)
    os.write(fd, b"text")
    return in_child(lambda: [text("file"), os.stat("file").st_size])


@probe
def _():
    "write: in the middle"
    write("file", b"0123456789" * 20_000)
    fd = os.open("file", os.O_RDWR)
    os.pwrite(fd, b"xyz", 70_000)
    os.close(fd)
    data = read("file")
    return [len(data), data[69_998:70_005].decode(), data[:69_998] == (b"0123456789" * 20_000)[:69_998]]


@probe
def _():
    "write: past the end leaves zeros"
    fd = os.open("file", os.O_RDWR | os.O_CREAT)
    os.write(fd, b"a")
    os.pwrite(fd, b"z", 100_000)
    os.close(fd)
    data = read("file")
    return [len(data), data.count(b"\0"), data[:1].decode(), data[-1:].decode()]


@probe
def _():
    "write: beyond 4 GiB, in a file without a name"
    fd = os.open("file", os.O_RDWR | os.O_CREAT)
    os.unlink("file")
    os.pwrite(fd, b"far", 5 << 30)
    return [os.fstat(fd).st_size, os.pread(fd, 9, 5 << 30).decode(), os.pread(fd, 4, 3 << 30) == bytes(4)]


@probe
def _():
    "write: nothing at all"
    write("file")
    before = os.stat("file")
    fd = os.open("file", os.O_WRONLY)
    written = os.write(fd, b"")
    os.close(fd)
    after = os.stat("file")
    return [written, after.st_size, after.st_mtime_ns == before.st_mtime_ns]


@probe
def _():
    "write: many pieces at once, and read so"
    fd = os.open("file", os.O_RDWR | os.O_CREAT)
    written = os.writev(fd, [b"one ", b"", b"two ", b"three"])
    one, other = bytearray(5), bytearray(100)
    count = os.preadv(fd, [one, other], 0)
    return [written, count, one.decode(), other[: count - 5].decode()]


@probe
def _():
    "write: with a limit on the size of files"
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def limited():
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        fd = os.open("file", os.O_WRONLY | os.O_CREAT)
        return [attempt(os.pwrite, fd, b"x" * 200, 0), attempt(os.pwrite, fd, b"x", 100)]

    return in_child(limited)


@probe
def _():
    "read: at and past the end"
    write("file", b"0123")
    fd = os.open("file", os.O_RDONLY)
    return [os.pread(fd, 100, 2).decode(), os.pread(fd, 100, 4).decode(), os.pread(fd, 100, 1 << 40).decode()]


@probe
def _():
    "read: a folder"
    os.mkdir("folder")
    return attempt(os.read, os.open("folder", os.O_RDONLY), 10)


@probe
def _():
    "seek: to where data and holes are, in a file without any"
    write("file", b"x" * 10_000)
    fd = os.open("file", os.O_RDONLY)
    return [
        os.lseek(fd, 0, os.SEEK_END),
        attempt(os.lseek, fd, 0, os.SEEK_DATA),
        attempt(os.lseek, fd, 0, os.SEEK_HOLE),
        attempt(os.lseek, fd, 10_000, os.SEEK_DATA),
        attempt(os.lseek, fd, -1, os.SEEK_SET),
    ]


@probe
def _():
    "O_SYNC and O_DSYNC"
    for name, flag in (("one", os.O_SYNC), ("other", os.O_DSYNC)):
        fd = os.open(name, os.O_WRONLY | os.O_CREAT | flag)
        os.write(fd, b"text")
        os.close(fd)
    return [text("one"), text("other")]


@probe
def _():
    "O_DIRECT: whole blocks"
    fd = os.open("file", os.O_RDWR | os.O_CREAT | os.O_DIRECT)
    block = mmap.mmap(-1, 8192)
    block.write(b"d" * 8192)
    written = os.pwritev(fd, [block], 4096)
    block[:] = bytes(8192)
    count = os.preadv(fd, [block], 4096)
    return [written, count, bytes(block) == b"d" * 8192, os.fstat(fd).st_size]


@probe
def _():
    "dup: one position for both"
    write("file", b"0123456789")
    one = os.open("file", os.O_RDWR)
    other = os.dup(one)
    os.read(one, 4)
    os.write(other, b"x")
    os.close(one)
    return [os.read(other, 2).decode(), text("file")]


@probe
def _():
    "fork: a child goes on with the handle"
    fd = os.open("file", os.O_WRONLY | os.O_CREAT)
    os.write(fd, b"one ")
    in_child(lambda: os.write(fd, b"two "))
    os.write(fd, b"three")
    os.close(fd)
    return text("file")


@probe
def _():
    "copy_file_range"
    write("from", b"0123456789" * 1000)
    source, target = os.open("from", os.O_RDONLY), os.open("to", os.O_WRONLY | os.O_CREAT)
    count = attempt(os.copy_file_range, source, target, 5000, 15, 0)
    os.close(target)
    return [count, os.stat("to").st_size, text("to")[:10]]


@probe
def _():
    "sendfile"
    write("from", b"0123456789" * 1000)
    source, target = os.open("from", os.O_RDONLY), os.open("to", os.O_WRONLY | os.O_CREAT)
    count = attempt(os.sendfile, target, source, 5, 5000)
    os.close(target)
    return [count, text("to")[:10]]


@probe
def _():
    "splice: from a pipe"
    reader, writer = os.pipe()
    os.write(writer, b"through a pipe")
    target = os.open("to", os.O_WRONLY | os.O_CREAT)
    count = attempt(os.splice, reader, target, 100)
    os.close(target)
    return [count, text("to")]


# --- sizes


@probe
def _():
    "truncate: down, then up, leaves zeros"
    write("file", b"x" * 100_000)
    fd = os.open("file", os.O_RDWR)
    os.ftruncate(fd, 10)
    os.ftruncate(fd, 80_000)
    os.close(fd)
    data = read("file")
    return [len(data), data[:12].decode(), data[10:] == bytes(79_990)]


@probe
def _():
    "truncate: by path, seen by a handle"
    write("file", b"x" * 100)
    fd = os.open("file", os.O_RDWR)
    os.truncate("file", 10)
    sizes = [os.fstat(fd).st_size]
    os.truncate("file", 20)
    return [*sizes, os.fstat(fd).st_size, os.pread(fd, 100, 0).decode()]


@probe
def _():
    "truncate: what cannot be"
    os.mkdir("folder")
    write("file")
    return [attempt(os.truncate, path, size) for path, size in (("folder", 0), ("none", 0), ("file", -1))]


@probe
def _():
    "truncate: to the size it has sets the modification time"
    write("file")
    os.utime("file", (1, 1))
    os.truncate("file", 9)
    return os.stat("file").st_mtime != 1


@probe
def _():
    "truncate: O_TRUNC of an empty file sets the modification time"
    write("stamp", b"")
    os.utime("stamp", (1, 1))
    write("stamp", b"")
    return os.stat("stamp").st_mtime != 1


@probe
def _():
    "fallocate: makes longer"
    fd = os.open("file", os.O_RDWR | os.O_CREAT)
    os.write(fd, b"x")
    os.posix_fallocate(fd, 0, 1000)
    os.posix_fallocate(fd, 0, 10)
    return [os.fstat(fd).st_size, os.pread(fd, 3, 0).decode()]


@probe
def _():
    "fallocate: keeps the size"
    fd = os.open("file", os.O_RDWR | os.O_CREAT)
    return [attempt(fallocate, fd, FALLOC_FL_KEEP_SIZE, 0, 1000), os.fstat(fd).st_size]


@probe
def _():
    "fallocate: punches a hole"
    write("file", b"x" * 10_000)
    fd = os.open("file", os.O_RDWR)
    outcome = attempt(fallocate, fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 4096)
    return [outcome, read("file").count(b"\0")]


# --- names


@probe
def _():
    "rename: over a file"
    write("one", b"1")
    write("other", b"2")
    os.rename("one", "other")
    return [names(), text("other")]


@probe
def _():
    "rename: to itself"
    write("file")
    os.rename("file", "file")
    os.mkdir("folder")
    os.rename("folder", "folder")
    return [names(), text("file")]


@probe
def _():
    "rename: between files and folders"
    write("file")
    for folder in ("empty", "full"):
        os.mkdir(folder)
    write("full/file")
    cases = [("file", "empty"), ("empty", "file"), ("empty", "full"), ("full", "empty"), ("none", "new")]
    return [[attempt(os.rename, *case) for case in cases], names()]


@probe
def _():
    "rename: into itself"
    os.makedirs("folder/inner")
    return [attempt(os.rename, "folder", "folder/new"), attempt(os.rename, "folder/inner", "folder")]


@probe
def _():
    "rename: a folder with all that is in it"
    os.makedirs("from/a/b")
    write("from/a/b/file")
    os.mkdir("to")
    os.rename("from", "to/there")
    return [names(), text("to/there/a/b/file"), attempt(os.stat, "from/a")]


@probe
def _():
    "rename: an open file, which is written on"
    fd = os.open("one", os.O_RDWR | os.O_CREAT)
    os.write(fd, b"before ")
    os.rename("one", "other")
    os.write(fd, b"after")
    os.close(fd)
    return [names(), text("other")]


@probe
def _():
    "rename: over an open file, which is read on"
    write("old", b"old")
    write("new", b"new text")
    with open("old", "rb") as before:
        os.rename("new", "old")
        return [before.read().decode(), text("old"), os.fstat(before.fileno()).st_nlink, os.stat("old").st_nlink]


@probe
def _():
    "rename: a folder with an open file in it"
    os.mkdir("one")
    fd = os.open("one/file", os.O_RDWR | os.O_CREAT)
    os.write(fd, b"before ")
    os.rename("one", "other")
    os.write(fd, b"after")
    os.close(fd)
    return text("other/file")


@probe
def _():
    "rename: a folder that somebody is in"
    os.mkdir("one")
    fd = os.open("one", os.O_RDONLY)
    os.rename("one", "other")
    made = os.open("file", os.O_WRONLY | os.O_CREAT, dir_fd=fd)
    os.close(made)
    return names("other")


@probe
def _():
    "rename: RENAME_NOREPLACE"
    write("one", b"1")
    write("other", b"2")
    outcome = attempt(renameat2, "one", "other", RENAME_NOREPLACE)
    renameat2("one", "new", RENAME_NOREPLACE)
    return [outcome, names()]


@probe
def _():
    "rename: RENAME_EXCHANGE"
    write("one", b"1")
    os.mkdir("folder")
    write("folder/file")
    renameat2("one", "folder", RENAME_EXCHANGE)
    return [text("folder"), names("one"), attempt(renameat2, "one", "none", RENAME_EXCHANGE)]


@probe
def _():
    "unlink: an open file, which lives on"
    write("file", b"old")
    fd = os.open("file", os.O_RDWR)
    os.unlink("file")
    os.pwrite(fd, b" and more", 3)
    write("file", b"another")
    facts = os.fstat(fd)
    return [os.pread(fd, 100, 0).decode(), facts.st_nlink, facts.st_size, text("file")]


@probe
def _():
    "unlink: what it is not for"
    os.mkdir("folder")
    return [attempt(os.unlink, "folder"), attempt(os.unlink, "none")]


@probe
def _():
    "mkdir: what is there"
    os.mkdir("folder")
    write("file")
    return [attempt(os.mkdir, name) for name in ("folder", "file", "none/folder", "file/folder")]


@probe
def _():
    "rmdir: what cannot be"
    os.makedirs("full/inner")
    write("file")
    return [attempt(os.rmdir, name) for name in ("full", "file", "none", "full/.", "full/inner/..")]


@probe
def _():
    "rmdir: a folder that somebody is in"
    os.mkdir("folder")
    fd = os.open("folder", os.O_RDONLY)
    os.rmdir("folder")
    flags = os.O_WRONLY | os.O_CREAT
    return [os.listdir(fd), attempt(os.open, "file", flags, dir_fd=fd), names()]


@probe
def _():
    "ENOTDIR: a file on the way"
    write("file")
    return [attempt(call, "file/inner") for call in (os.stat, os.listdir, os.mkdir, os.unlink)]


@probe
def _():
    "names: of the longest kind that every remote takes"
    longest = "n" * 140
    write(longest)
    os.rename(longest, longest[:-1] + "m")
    return [names() == [longest[:-1] + "m"], text(names()[0])]


@probe
def _():
    "names: of 255 bytes"
    return [attempt(open_only, "n" * 255, os.O_WRONLY | os.O_CREAT), attempt(os.mkdir, "m" * 255)]


@probe
def _():
    "names: of 256 bytes"
    name = "n" * 256
    write("file")
    calls = [lambda: open_only(name, os.O_WRONLY | os.O_CREAT), lambda: os.mkdir(name), lambda: os.stat(name)]
    return [attempt(call) for call in [*calls, lambda: os.rename("file", name)]]


@probe
def _():
    "names: a path that is too long"
    return attempt(os.stat, "folder/" * 600)


@probe
def _():
    "names: any bytes"
    odd = [b"not \xff UTF-8", b"\xc3\xa4", b"a\xcc\x88", b" spaces ", b"new\nline", b"back\\slash", b"dot.", b"..dots"]
    odd += [b"*?:<>|\"'", b"-r", b"tab\t", b"\x01\x7f", b"CON", b"a b~", b".hidden", "𝄞".encode(), b"%41"]
    for name in odd:
        write(name, name)
    return [sorted(os.listdir(b".")) == sorted(odd), all(read(name) == name for name in odd)]


@probe
def _():
    "names: upper and lower case differ"
    write("file", b"1")
    write("FILE", b"2")
    return [names(), text("file")]


@probe
def _():
    "names: a path of 40 folders"
    path = "/".join(["deep"] * 40)
    os.makedirs(path)
    write(f"{path}/file")
    return text(f"{path}/file")


# --- folders


@probe
def _():
    "readdir: . and .., and what kind things are"
    write("file")
    os.mkdir("folder")
    with os.scandir(".") as entries:
        kinds = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    os.chdir("folder")
    return [kinds, os.path.samefile("..", os.path.dirname(os.getcwd())), os.path.samefile(".", os.getcwd())]


@probe
def _():
    "readdir: 1,500 names, each once"
    for i in range(1500):
        os.close(os.open(f"a rather long name of a file, number {i}", os.O_WRONLY | os.O_CREAT))
    found = os.listdir(".")
    return [len(found), len(set(found))]


@probe
def _():
    "readdir: while all of it is being removed"
    for i in range(300):
        os.close(os.open(f"file {i}", os.O_WRONLY | os.O_CREAT))
    with os.scandir(".") as entries:
        for entry in entries:
            os.unlink(entry.name)
    return names()


@probe
def _():
    "readdir: what was there before and after is seen once, whatever else changes"
    for i in range(200):
        os.close(os.open(f"stays {i}", os.O_WRONLY | os.O_CREAT))
    seen = []
    with os.scandir(".") as entries:
        for number, entry in enumerate(entries):
            seen.append(entry.name)
            if number < 100:
                os.close(os.open(f"new {number}", os.O_WRONLY | os.O_CREAT))
            if number == 100:
                os.rename("new 0", "moved")
    stayed = [name for name in seen if name.startswith("stays")]
    return [len(stayed), len(set(stayed)), len(seen) == len(set(seen))]


@probe
def _():
    "readdir: an open folder that is read from the start again"
    fd = os.open(".", os.O_RDONLY)
    before = os.listdir(fd)
    write("file")
    os.lseek(fd, 0, os.SEEK_SET)
    return [before, os.listdir(fd)]


@probe
def _():
    "inotify: tells of what happens"
    watch = libc.inotify_init1(os.O_NONBLOCK)
    checked(libc.inotify_add_watch(watch, b".", 0x100 | 0x8 | 0x40 | 0x80 | 0x200))
    write("file")
    os.rename("file", "other")
    os.unlink("other")
    select.select([watch], [], [], 2)
    data, seen = os.read(watch, 10_000), []
    while data:
        _, mask, _, length = struct.unpack_from("iIII", data)
        seen.append([mask, data[16 : 16 + length].rstrip(b"\0").decode()])
        data = data[16 + length :]
    return seen


# --- attributes


@probe
def _():
    "stat: kinds and sizes"
    write("file", b"12345")
    os.mkdir("folder")
    file, folder = os.stat("file"), os.stat("folder")
    return [stat.filemode(file.st_mode)[0], file.st_size, file.st_nlink, stat.filemode(folder.st_mode)[0]]


@probe
def _():
    "stat: links of a folder"
    os.makedirs("folder/inner")
    return os.stat("folder").st_nlink


@probe
def _():
    "stat: numbers are each file's own, and stay through a rename"
    for name in "abc":
        write(name)
    before = os.stat("a").st_ino
    os.rename("a", "d")
    return [len({os.stat(name).st_ino for name in names()}), os.stat("d").st_ino == before]


@probe
def _():
    "stat: after each write"
    fd = os.open("file", os.O_WRONLY | os.O_CREAT)
    sizes = []
    for size in (10, 100_000, 5):
        os.write(fd, b"x" * size)
        sizes += [os.fstat(fd).st_size, os.stat("file").st_size]
    return sizes


@probe
def _():
    "stat: blocks are told"
    write("file", b"x" * 10_000)
    facts = os.stat("file")
    return [facts.st_blocks * 512 >= 10_000, facts.st_blksize > 0]


@probe
def _():
    "statfs"
    facts = os.statvfs(".")
    return [facts.f_namemax, facts.f_blocks > 0, facts.f_bfree >= facts.f_bavail > 0, facts.f_bsize > 0]


@probe
def _():
    "times: to the nanosecond"
    write("file")
    os.utime("file", ns=(1_234_567_890_123_456_789, 1_111_111_111_987_654_321))
    return str(os.stat("file").st_mtime_ns)


@probe
def _():
    "times: only one of the two"
    write("file")
    utimensat("file", (0, UTIME_OMIT), (1000, 5))
    first = os.stat("file").st_mtime_ns
    utimensat("file", (2000, 7), (0, UTIME_OMIT))
    return [first, os.stat("file").st_mtime_ns]


@probe
def _():
    "times: of access"
    write("file")
    os.utime("file", (2000, 1000))
    return os.stat("file").st_atime


@probe
def _():
    "times: now"
    write("file")
    os.utime("file", (1, 1))
    os.utime("file")
    now = os.stat("file").st_mtime
    os.utime("file", (1, 1))
    utimensat("file", (0, UTIME_NOW), (0, UTIME_NOW))
    return [now > 1e9, os.stat("file").st_mtime > 1e9]


@probe
def _():
    "times: before 1970 and after 2038"
    write("file")
    seen = []
    for seconds in (-1000, 5_000_000_000):
        os.utime("file", (seconds, seconds))
        seen.append(os.stat("file").st_mtime)
    return seen


@probe
def _():
    "times: set on an open file that was written, kept at its close"
    fd = os.open("file", os.O_WRONLY | os.O_CREAT)
    os.write(fd, b"text")
    os.utime(fd, (1000, 1000))
    os.close(fd)
    return os.stat("file").st_mtime


@probe
def _():
    "times: a write sets it, a read does not"
    write("file")
    os.utime("file", (1000, 1000))
    read("file")
    seen = [os.stat("file").st_mtime]
    fd = os.open("file", os.O_WRONLY)
    os.write(fd, b"x")
    seen.append(os.fstat(fd).st_mtime > 1e9)
    return seen


@probe
def _():
    "times: of a folder, set"
    os.mkdir("folder")
    os.utime("folder", (1000, 1000))
    return os.stat("folder").st_mtime


@probe
def _():
    "times: of a folder, when something is made in it"
    os.mkdir("folder")
    os.utime("folder", (1000, 1000))
    write("folder/file")
    return os.stat("folder").st_mtime > 1e9


@probe
def _():
    "times: of a rename, the file keeps its own"
    write("file")
    os.utime("file", (1000, 1000))
    os.rename("file", "other")
    return os.stat("other").st_mtime


@probe
def _():
    "chmod: to the mode it has"
    write("file")
    os.mkdir("folder", 0o755)
    return [attempt(os.chmod, "file", 0o644), attempt(os.chmod, "folder", 0o755)]


@probe
def _():
    "chmod: to another"
    write("file")
    return [attempt(os.chmod, "file", 0o600), oct(os.stat("file").st_mode)]


@probe
def _():
    "chown: to whom it belongs"
    write("file")
    return [attempt(os.chown, "file", os.getuid(), os.getgid()), attempt(os.chown, "file", -1, -1)]


@probe
def _():
    "chown: to another"
    write("file")
    return [attempt(os.chown, "file", 12345, -1), attempt(os.chown, "file", -1, 12345)]


@probe
def _():
    "mode: as it was made with"
    write("file", mode=0o600)
    os.mkdir("folder", 0o700)
    return [oct(os.stat("file").st_mode), oct(os.stat("folder").st_mode)]


@probe
def _():
    "access"
    write("file")
    return [os.access("file", mode) for mode in (os.F_OK, os.R_OK, os.W_OK, os.X_OK)] + [os.access("none", os.F_OK)]


@probe
def _():
    "xattr: set and get"
    write("file")
    outcome = attempt(os.setxattr, "file", "user.name", b"value")
    found = attempt(os.getxattr, "file", "user.name")
    return [outcome, found.decode() if isinstance(found, bytes) else found]


@probe
def _():
    "xattr: of a file that has none"
    write("file")
    return [attempt(os.getxattr, "file", "user.none"), attempt(os.listxattr, "file")]


# --- other kinds of files


@probe
def _():
    "link: a second name"
    write("file")
    return [attempt(os.link, "file", "other"), os.stat("file").st_nlink]


@probe
def _():
    "symlink"
    write("file")
    outcome = attempt(os.symlink, "file", "link")
    return [outcome, attempt(os.readlink, "link"), attempt(lambda: text("link"))]


@probe
def _():
    "symlink: ELOOP"
    attempt(os.symlink, "loop", "loop")
    return attempt(open_only, "loop", os.O_RDONLY)


@probe
def _():
    "readlink: of a file"
    write("file")
    return attempt(os.readlink, "file")


@probe
def _():
    "mkfifo"
    return attempt(os.mkfifo, "pipe")


@probe
def _():
    "mknod: a plain file, a device"
    return [attempt(os.mknod, "file", stat.S_IFREG | 0o644), attempt(os.mknod, "device", stat.S_IFCHR | 0o600, 0x103)]


# --- safety and locks


@probe
def _():
    "fsync: a file, a folder, all of it"
    fd = os.open("file", os.O_RDWR | os.O_CREAT)
    os.write(fd, b"text")
    folder = os.open(".", os.O_RDONLY)
    return [attempt(call, at) for call, at in ((os.fsync, fd), (os.fdatasync, fd), (os.fsync, folder))] + [
        attempt(lambda: checked(libc.syncfs(fd)))
    ]


@probe
def _():
    "fsync: of a file without a name"
    fd = os.open("file", os.O_RDWR | os.O_CREAT)
    os.write(fd, b"text")
    os.unlink("file")
    return [attempt(os.fsync, fd), names()]


@probe
def _():
    "mmap: written, synced, read by others"
    write("file", b"x" * 10_000)
    fd = os.open("file", os.O_RDWR)
    with mmap.mmap(fd, 10_000) as memory:
        memory[5000:5004] = b"here"
        memory.flush()
        seen = in_child(lambda: text("file")[4999:5005])
    os.close(fd)
    return [seen, text("file")[4999:5005]]


@probe
def _():
    "mmap: written, and closed before it is unmapped"
    write("file", b"x" * 10_000)
    fd = os.open("file", os.O_RDWR)
    memory = mmap.mmap(fd, 10_000)
    os.close(fd)
    memory[0:4] = b"here"
    memory.close()
    return text("file")[:5]


@probe
def _():
    "mmap: sees what is written by write"
    write("file", b"x" * 10_000)
    fd = os.open("file", os.O_RDWR)
    with mmap.mmap(fd, 10_000) as memory:
        os.pwrite(fd, b"here", 5000)
        return memory[4999:5005].decode()


@probe
def _():
    "mmap: private changes stay private"
    write("file", b"x" * 100)
    fd = os.open("file", os.O_RDONLY)
    with mmap.mmap(fd, 100, access=mmap.ACCESS_COPY) as memory:
        memory[0:4] = b"here"
    return text("file")[:4]


@probe
def _():
    "mmap: reads of a big file"
    write("file", bytes(range(256)) * 8192)
    fd = os.open("file", os.O_RDONLY)
    with mmap.mmap(fd, 0, prot=mmap.PROT_READ) as memory:
        return [memory[1_500_000], memory[2_097_151], memory[256_000:256_003].hex()]


@probe
def _():
    "flock: one at a time"
    one, other = (os.open("file", os.O_RDWR | os.O_CREAT) for _ in range(2))
    fcntl.flock(one, fcntl.LOCK_EX)
    held = attempt(fcntl.flock, other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(one)
    return [held, attempt(fcntl.flock, other, fcntl.LOCK_EX | fcntl.LOCK_NB)]


@probe
def _():
    "fcntl: locks on ranges between processes"
    fd = os.open("file", os.O_RDWR | os.O_CREAT)
    fcntl.lockf(fd, fcntl.LOCK_EX, 10, 0)

    def other():
        mine = os.open("file", os.O_RDWR)
        flags = fcntl.LOCK_EX | fcntl.LOCK_NB
        return [attempt(fcntl.lockf, mine, flags, 10, 5), attempt(fcntl.lockf, mine, flags, 10, 10)]

    return in_child(other)


@probe
def _():
    "fcntl: a lock ends with the close"
    fd = os.open("file", os.O_RDWR | os.O_CREAT)
    fcntl.lockf(fd, fcntl.LOCK_EX)
    os.close(fd)

    def other():
        mine = os.open("file", os.O_RDWR)
        return attempt(fcntl.lockf, mine, fcntl.LOCK_EX | fcntl.LOCK_NB)

    return in_child(other)


@probe
def _():
    "the path of an open file, in /proc"
    write("file")
    fd = os.open("file", os.O_RDONLY)
    os.rename("file", "other")
    moved = os.path.basename(os.readlink(f"/proc/self/fd/{fd}"))
    os.unlink("other")
    return [moved, os.path.basename(os.readlink(f"/proc/self/fd/{fd}"))]


def run(root):
    outcomes = {}
    for number, (name, function) in enumerate(probes.items()):
        # What a probe leaves open, locks or limits goes with its process.
        folder = os.path.join(root, str(number))
        os.mkdir(folder)

        def one():
            os.chdir(folder)
            return attempt(function)

        outcomes[name] = in_child(one)
    return outcomes


os.umask(0o022)
print(json.dumps(run(sys.argv[1])))
