"""Safe paths: which paths of a descriptor may be followed (standard: `glossary.mdx`, "URL or Path").

A path is a URL or a relative POSIX path to a file beside or below the descriptor. Everything else is refused
by its text alone, before the file system is asked anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple
from urllib.parse import unquote

DESCRIPTOR = "datapackage.json"
DESCRIPTORS = (DESCRIPTOR, "datapackage.yaml", "datapackage.yml")
"""The names by which a descriptor is found in a folder or zip; the standard knows the first."""

CODES = {
    "path-unsafe": "A path could lead out of the package, so it is not followed.",
    "path-remote": "A path is a URL, and reading from the network was not allowed.",
    "path-missing": "There is no file at the path. Mend the path, or put the file there.",
    "path-not-a-file": "What is at the path is a folder, a device or the like. "
    "Name a file, or several files in a list.",
    "path-unreadable": "The file is there but cannot be read. "
    "Give yourself the right to read it, or restore the file.",
}


class PathProblem(NamedTuple):
    """Why a path is not followed: a code of `CODES`, the reason as a clause, and what to do."""

    code: str
    reason: str
    hint: str | None = None

    @property
    def remedy(self) -> str | None:
        """What to do: the hint, else what `CODES` advises for each problem of the code."""
        advice = CODES[self.code].partition(". ")[2].rstrip(".")
        return self.hint or (advice[:1].lower() + advice[1:] or None)


_NOT_IN_NAMES = re.compile(r'[/<>:"|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_MAX_NAME = 200
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_REMOTE_SCHEMES = frozenset({"http:", "https:", "ftp:", "ftps:"})
_STORES = frozenset({"s3:", "gs:", "gcs:", "abfs:", "abfss:", "az:", "oss:", "hf:", "webhdfs:", "memory:"})
"""Stores that Arrow or fsspec knows; the standard names `http` and `https` alone."""
_MAX_PATH = 4096
_RELATIVE = "write the path relative to the descriptor, as data/events.csv"


def is_url(path: str) -> bool:
    """Whether the path is a URL of one of the schemes of the standard, or the address of a store."""
    scheme = _SCHEME.match(path)
    if scheme is None:
        return False
    name = scheme[0].lower()
    return name in _REMOTE_SCHEMES or (name in _STORES and path[len(name) :].startswith("//"))


def path_problem(path: str, *, allow_remote: bool = False) -> PathProblem | None:
    """What is wrong with the text of a path, or `None` where it may be looked up."""
    if is_url(path):
        if allow_remote:
            return None
        return PathProblem(
            "path-remote", "it is a URL, and nothing is fetched unasked", "allow it with --allow-remote"
        )
    reason = _unsafe(path)
    decoded = path
    for _ in range(5):
        # A path that is safe as written must stay so for whoever decodes it, be it twice.
        if reason is not None or decoded == (decoded := unquote(decoded)):
            break
        inner = _unsafe(decoded)
        reason = None if inner is None else f"percent-decoded it is '{decoded[:200]}': {inner}"
    return None if reason is None else PathProblem("path-unsafe", reason, _RELATIVE)


def is_pattern(path: str) -> bool:
    """Whether a path may name several files; the standard has no such paths, other tools write them."""
    return "*" in path or "?" in path


def matching_paths(pattern: str, paths: Iterable[str]) -> list[str]:
    """The paths that a pattern fits, in the order of the alphabet; one that is the pattern itself is alone.

    `*` and `?` match no slash, and no dot that hides a file; the first `**` is any folders, also none.
    """
    # For each bracket that nothing closes the rest would be searched for what closes it.
    closed, bracket, rest = pattern.rpartition("]")
    parts = [part for part in (closed + bracket + rest.replace("[", "[[]")).split("/") if part != "."]
    matches = sorted(path for path in paths if _fits(path.split("/"), parts))
    return [pattern] if pattern in matches else matches


def _fits(names: list[str], parts: list[str]) -> bool:
    if "**" in parts:
        place = parts.index("**")
        folders = len(names) - len(parts) + 1
        parts = [*parts[:place], *["*"] * folders, *parts[place + 1 :]]
    return len(names) == len(parts) and all(
        fnmatchcase(name, part) and (name[:1] != "." or part[:1] == ".")
        for name, part in zip(names, parts, strict=True)
    )


def link_problem(link: str) -> PathProblem | None:
    """Why a link for readers is neither a URL nor a path within the package. Nothing follows it here."""
    reason = None if is_url(link) else _outside(link)
    return None if reason is None else PathProblem("path-unsafe", reason, _RELATIVE)


def _unsafe(path: str) -> str | None:
    if not path:
        return "it is empty"
    if len(path) > _MAX_PATH:
        return f"it is longer than {_MAX_PATH} characters"
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        return "it contains a control character"
    outside = _outside(path)
    if outside is not None:
        return outside
    parts = path.split("/")
    if any(part.startswith(".") and part != "." for part in parts):
        return "it leads to something hidden"
    if parts[-1] in ("", "."):
        return "it names a folder"
    return None


def _outside(path: str) -> str | None:
    if "\\" in path:
        return "it contains a backslash"
    if path.startswith("/"):
        return "it is absolute"
    scheme = _SCHEME.match(path)
    if scheme is not None:
        return "it names a drive" if len(scheme[0]) == 2 else f"it starts with '{scheme[0]}'"
    parts = path.split("/")
    if ".." in parts:
        return "it leads to a parent folder"
    return "it names a home folder" if parts[0].startswith("~") else None


def unfit_names(names: Iterable[str]) -> dict[str, str]:
    """Which of these names cannot each become that of a file, on whatever system, and why."""
    reasons: dict[str, str] = {}
    known: dict[str, str] = {}
    for name in names:
        other = known.setdefault(name.casefold(), name)
        reason = _unfit(name)
        if reason is not None:
            reasons[name] = reason
        elif other != name:
            reasons[name] = f"it differs from '{other}' in case alone"
    return reasons


def _unfit(name: str) -> str | None:
    problem = path_problem(f"data/{name}.csv")
    forbidden = _NOT_IN_NAMES.search(name)
    if not name:
        return "it is empty"
    if problem is not None:
        return problem.reason
    if forbidden is not None:
        return f"it contains '{forbidden[0]}'"
    if name[0] == "~" or name[-1] in ". ":
        return "it begins with a tilde, or ends with a dot or a blank"
    if _DEVICES.fullmatch(name):
        return "Windows takes it for a device"
    if len(name.encode(errors="replace")) > _MAX_NAME:
        return f"it is longer than {_MAX_NAME} bytes"
    return None
