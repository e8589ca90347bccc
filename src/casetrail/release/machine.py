"""What the machine could not do, told apart from what the content does not allow."""

from __future__ import annotations

import errno
import os

_SQLITE = {
    "SQLITE_FULL": errno.ENOSPC,
    "SQLITE_IOERR": errno.EIO,
    "SQLITE_CANTOPEN": errno.EACCES,
    "SQLITE_READONLY": errno.EROFS,
    "SQLITE_PERM": errno.EACCES,
}


def machine_error(error: BaseException) -> OSError | None:
    """The error of the file system from which an error came, whoever put it into other words; else `None`."""
    if isinstance(error, OSError):
        return error
    name = str(getattr(error, "sqlite_errorname", ""))
    for start, code in _SQLITE.items():
        if name.startswith(start):
            return OSError(code, os.strerror(code))
    return None if error.__context__ is None else machine_error(error.__context__)
