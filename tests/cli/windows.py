"""Runs commands of casetrail as far as Linux can behave as Windows does, given as a JSON list.

A folder cannot be opened, a file that is open for reading cannot be synced, one that is open cannot be
renamed or removed, a name that is taken is not renamed onto, `msvcrt` locks files and not `fcntl`, there is
no library of the C language to call, and a text file without an encoding is a mistake.
"""

from __future__ import annotations

import errno
import json
import os
import pkgutil
import shutil
import sys
import types
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

UNIX_ALONE = ("fcntl", "pty", "termios", "resource", "grp", "pwd")
_NOT_THERE = ("O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY", "fork", "geteuid", "getuid", "mkfifo", "uname")
_NAMES = ("rename", "replace", "unlink", "remove", "rmdir")


def open_paths() -> set[str]:
    """The files that this process has open."""
    paths = set()
    for handle in Path("/proc/self/fd").iterdir():
        try:
            paths.add(real_readlink(handle))
        except OSError:
            continue
    return paths


def closed(call: Callable[..., Any]) -> Callable[..., Any]:
    """The call, refused for a file that is open, or a folder with one."""

    def refuse(path: Any, *others: Any, **more: Any) -> Any:
        where = str(Path(path).absolute())
        held = [name for name in open_paths() if name == where or name.startswith(f"{where}/")]
        if held:
            raise PermissionError(errno.EACCES, "The process cannot access the file", held[0])
        if call is real["rename"] and os.path.lexists(others[0]):
            raise FileExistsError(errno.EEXIST, "Cannot create a file when that file already exists", path)
        return call(path, *others, **more)

    return refuse


def open_file(path: Any, flags: int, *others: Any, **more: Any) -> int:
    if Path(path).is_dir():
        raise PermissionError(errno.EACCES, "Permission denied", path)
    return real_open(path, flags, *others, **more)


def sync(handle: int) -> None:
    flags = int(Path(f"/proc/self/fdinfo/{handle}").read_text(encoding="ascii").split()[3], 8)
    if not flags & (os.O_WRONLY | os.O_RDWR):
        raise OSError(errno.EBADF, "Bad file descriptor")


real = {name: getattr(os, name) for name in _NAMES}
real_open, real_readlink = os.open, os.readlink


class Windows(types.ModuleType):
    """The module `os` as the modules of casetrail find it there."""

    name, linesep = "nt", "\r\n"

    def __getattr__(self, name: str) -> Any:
        if name in (
            "O_NOFOLLOW",
            "O_NONBLOCK",
            "O_DIRECTORY",
            "fork",
            "geteuid",
            "getuid",
            "mkfifo",
            "uname",
        ):
            raise AttributeError(name)
        return getattr(os, name)


class Msvcrt(types.ModuleType):
    """The module `msvcrt` there, as far as a byte of a file is locked by it."""

    LK_NBLCK = 2

    def __init__(self, fcntl: types.ModuleType) -> None:
        super().__init__("msvcrt")
        self._fcntl = fcntl

    def locking(self, handle: int, mode: int, size: int) -> None:
        assert mode == self.LK_NBLCK
        try:
            self._fcntl.lockf(handle, self._fcntl.LOCK_EX | self._fcntl.LOCK_NB, size)
        except OSError:
            raise PermissionError(errno.EACCES, "Permission denied") from None


def become_windows() -> None:
    msvcrt = Msvcrt(import_module("fcntl"))
    import_module("subprocess")  # Which takes a system with `msvcrt` for a whole Windows.
    for name in UNIX_ALONE:
        sys.modules[name] = None  # type: ignore[assignment]
    warnings.filterwarnings("error", category=EncodingWarning, module=r"casetrail(\..*)?")
    for module in pkgutil.walk_packages(import_module("casetrail").__path__, "casetrail."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name, module_ in list(sys.modules.items()):
        if name.startswith("casetrail") and module_ is not None:
            if getattr(module_, "os", None) is os:
                module_.os = Windows("os")  # type: ignore[attr-defined]
            if getattr(module_, "sys", None) is sys:
                module_.sys = Platform("sys")  # type: ignore[attr-defined]
    shutil._use_fd_functions = False  # type: ignore[attr-defined]
    sys.modules["msvcrt"] = msvcrt
    os.open, os.fsync = open_file, sync  # type: ignore[assignment]
    for name in _NAMES:
        setattr(os, name, closed(real[name]))


class Platform(types.ModuleType):
    """The module `sys` there."""

    platform = "win32"

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


if __name__ == "__main__":
    become_windows()
    from casetrail.cli.main import main

    for command in json.loads(sys.argv[1]):
        print(">", *command, flush=True)
        code = main(command)
        print("<", code, flush=True)
