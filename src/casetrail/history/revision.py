"""Versions of a package: a folder, a zip, or a git revision whose files are read where git keeps them."""

from __future__ import annotations

import io
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from casetrail.findings.error import CasetrailError
from casetrail.history.bump import DataVersion, read_version
from casetrail.package.package import Package, open_package, package_in
from casetrail.package.paths import DESCRIPTOR, PathProblem, matching_paths, path_problem
from casetrail.standard.near_miss import did_you_mean

_TIMEOUT = 60
"""Seconds after which a git that does not answer is given up."""


@dataclass(frozen=True, slots=True)
class _Blob:
    mode: str
    name: str
    size: int


class RevisionFiles:
    """The files of a package in a git revision. Nothing is checked out, and no filter or hook runs."""

    def __init__(
        self, repository: Path, revision: str, folder: str = "", descriptor: str = DESCRIPTOR
    ) -> None:
        self.root = repository
        self.descriptor = descriptor
        self._revision = revision
        self._folder = f"{folder.strip('/')}/" if folder.strip("/") else ""
        self._blobs = self._list()

    def problem(self, path: str) -> PathProblem | None:
        """Why the file at the path cannot be read, or `None`."""
        problem = path_problem(path)
        if problem is not None:
            return problem
        blob = self._blobs.get(_plain(path))
        if blob is None:
            hint = did_you_mean(path, self._blobs)
            return PathProblem("path-missing", "there is no such file in this revision", hint)
        if blob.mode not in ("100644", "100755"):
            return PathProblem("path-not-a-file", "in this revision it is a link or a module, not a file")
        return None

    def matching(self, pattern: str) -> list[str]:
        """The paths of the files that a pattern matches."""
        return matching_paths(pattern, self._blobs)

    def open(self, path: str) -> IO[bytes]:
        """The content of a file that has no problem."""
        return io.BytesIO(git(self.root, "cat-file", "blob", self._blobs[_plain(path)].name))

    def size(self, path: str) -> int:
        """The size in bytes of a file that has no problem."""
        return self._blobs[_plain(path)].size

    def _list(self) -> dict[str, _Blob]:
        listed = git(self.root, "ls-tree", "-r", "-z", "--long", "--full-tree", self._revision)
        blobs = {}
        for entry in listed.split(b"\0"):
            facts, _, name = entry.partition(b"\t")
            path = name.decode("utf-8", "surrogateescape")
            if path.startswith(self._folder) and facts:
                mode, _, blob, size = facts.decode("ascii").split()
                if size == "BAD":
                    raise _lacking(f"the file '{path[:200]}' of {self._revision}")
                blobs[path.removeprefix(self._folder)] = _Blob(mode, blob, int(size) if size != "-" else 0)
        return blobs


def open_version(name: str, beside: Path) -> Package:
    """Open the version of this name: a path where there is one, else a git revision.

    A revision is looked up in the repository that holds the path `beside`, and the package in it at the
    same place; `revision:folder` names another place.

    Raises:
        CasetrailError: There is neither, or no package in it.
    """
    if name and Path(name).exists():
        return open_package(name)
    revision, _, folder = name.partition(":")
    repository = repository_of(beside)
    if repository is None or _commit(repository, revision) is None:
        raise CasetrailError(
            f"'{name}' is neither a folder or zip nor a git revision here; give the path of a package, "
            "or the name of a tag, branch or commit"
        )
    return open_revision(repository, revision, beside, folder or None)


def open_revision(repository: Path, revision: str, beside: Path, folder: str | None = None) -> Package:
    """Open the package that was at the place of `beside` (or in `folder`) in a git revision.

    Raises:
        CasetrailError: There is no such revision, or no package in it.
    """
    commit = _commit(repository, revision)
    if commit is None:
        raise CasetrailError(f"there is no git revision '{revision}'; `git tag` lists the tags")
    own_folder, descriptor = _place(repository, beside)
    if folder is None:
        folder = own_folder
    else:
        descriptor = DESCRIPTOR
    files = RevisionFiles(repository, commit, folder, descriptor)
    if files.problem(descriptor) is not None:
        raise CasetrailError(
            f"the git revision '{revision}' has no {(folder + '/') if folder else ''}{descriptor}; "
            "name the folder with revision:folder"
        )
    return package_in(files)


def version_tags(repository: Path, name: str) -> list[tuple[DataVersion, str]]:
    """The tags that name versions of the package (`<name>-v1.2.3`, `v1.2.3` or `1.2.3`), the highest first.

    Tags of something else, as of a program beside the data, are not among them.
    """
    tags = _lines(git(repository, "tag", "--list"))
    versions = [(read_version(tag.removeprefix(f"{name}-")), tag) for tag in tags]
    return sorted(((version, tag) for version, tag in versions if version is not None), reverse=True)


def holds(repository: Path, revision: str, beside: Path) -> bool:
    """Whether a package was at the place of `beside` in a revision."""
    folder, descriptor = _place(repository, beside)
    return RevisionFiles(repository, revision, folder, descriptor).problem(descriptor) is None


def is_shallow(repository: Path) -> bool:
    """Whether the repository was fetched without its history, so that tags may be missing."""
    return git(repository, "rev-parse", "--is-shallow-repository").strip() == b"true"


def repository_of(path: Path) -> Path | None:
    """The folder of the git repository that holds the path, or `None` where there is none.

    A repository that git cannot or will not read is a `CasetrailError`: it is no reason to see no history.
    """
    place = path.resolve()
    place = place if place.is_dir() else place.parent
    if not any((folder / ".git").exists() for folder in (place, *place.parents)):
        return None
    return Path(os.fsdecode(git(place, "rev-parse", "--show-toplevel").rstrip(b"\n"))).resolve()


def deleted_files(folder: Path) -> list[Path]:
    """The files below the folder that the next commit deletes; none where there is no repository."""
    repository = repository_of(folder)
    if repository is None:
        return []
    names = git(repository, "diff", "--cached", "--name-only", "--no-renames", "--diff-filter=D", "-z")
    paths = [repository / name for name in names.decode(errors="surrogateescape").split("\0") if name]
    return [path for path in paths if path.is_relative_to(folder.resolve())]


def git(repository: Path, *arguments: str) -> bytes:
    """What a git command that leaves the work tree alone prints; a `CasetrailError` where it fails."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE")
    }
    environment |= {
        "LC_ALL": "C",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
    }
    try:
        done = subprocess.run(
            ["git", "-C", str(repository), *arguments],
            capture_output=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=_TIMEOUT,
        )
    except FileNotFoundError:
        raise CasetrailError("git is not installed; give two folders or zips instead") from None
    except subprocess.TimeoutExpired:
        raise CasetrailError(f"git did not answer within {_TIMEOUT} seconds; try again") from None
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1].removeprefix("fatal: ")
        if "promisor remote" in reason:
            raise _lacking("files of that version")
        raise CasetrailError(f"git {arguments[0]} failed in '{repository}': {reason}")
    return done.stdout


def _lacking(what: str) -> CasetrailError:
    """The error where git does not have an object here, as in a partial clone: it is not fetched unasked."""
    return CasetrailError(
        f"the repository lacks {what}; fetch all first with `git fetch --refetch --no-filter`"
    )


def _place(repository: Path, beside: Path) -> tuple[str, str]:
    """The folder of a package within the repository, and the name of its descriptor."""
    place, descriptor = beside.resolve(), DESCRIPTOR
    if place.suffix == ".json":
        place, descriptor = place.parent, place.name
    folder = place.relative_to(repository).as_posix()
    return "" if folder == "." else folder, descriptor


def _commit(repository: Path, revision: str) -> str | None:
    if not revision or revision.startswith("-"):
        return None
    try:
        commit = git(repository, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except CasetrailError:
        return None
    return commit.decode("ascii").strip()


def _lines(output: bytes) -> list[str]:
    return output.decode("utf-8", "replace").split("\n")[:-1]


def _plain(path: str) -> str:
    return "/".join(part for part in path.split("/") if part != ".")
