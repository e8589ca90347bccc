"""Writing into a package's folder: every file whole or not at all, and none before all are ready."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from casetrail.findings.error import CasetrailError
from casetrail.package.files import FolderFiles, PackageFiles


def folder_of(files: PackageFiles, command: str) -> Path:
    """The folder of a package that `command` is to write into; a zip is refused."""
    if not isinstance(files, FolderFiles):
        raise CasetrailError(
            f"{command} cannot write into the zip '{files.root}'; unpack it and give the folder"
        )
    return files.root


def write_files(root: Path, contents: Mapping[str, bytes]) -> None:
    """Write files below `root`, given by their paths in the package.

    All are written beside their places first and renamed only when every one is complete, so that a full disk
    or a folder without permission changes nothing. A file that exists keeps its permissions.

    Raises `CasetrailError` where one cannot be written, or is a link that leaves `root`.
    """
    staged: list[tuple[Path, Path]] = []
    path = ""
    try:
        for path, data in contents.items():
            # A link inside the package stays a link: what it points at is replaced.
            target = (root / path).resolve()
            if not target.is_relative_to(root.resolve()):
                raise CasetrailError(
                    f"'{path}' is a link that leaves the package, so it is not written; put the file there"
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
            staged.append((Path(name), target))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(_mode(target))
        for temporary, target in staged:
            path = str(target)
            temporary.replace(target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CasetrailError(f"{path} cannot be written ({reason}); free space or ask for access") from None
    finally:
        for temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
