"""Members: which package a file is part of, as its descriptor, a table, a schema or a dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from casetrail.findings.error import CasetrailError
from casetrail.package.nearby import descriptor_in
from casetrail.package.package import open_package
from casetrail.package.paths import DESCRIPTOR


def package_with(target: Path) -> Path | None:
    """The descriptor of the package that the file is part of, `None` where there is none."""
    return _package_with(target, _members)


def packages_with(targets: Iterable[Path]) -> list[Path]:
    """The descriptors of the packages that the files are part of, there or deleted; each once, in order.

    Of a package whose descriptor cannot be read every file below is taken for a part.
    """
    found: dict[Path, None] = {}
    members = cache(_members)
    for target in targets:
        descriptor = _package_with(target, members, unreadable=True)
        if descriptor is not None and descriptor.is_file():
            found[descriptor] = None
    return list(found)


def _package_with(
    target: Path, members: Callable[[Path], frozenset[Path] | None], *, unreadable: bool = False
) -> Path | None:
    real = target.parent.resolve() / target.name
    for folder in real.parents:
        descriptor = descriptor_in(folder)
        if real == folder / DESCRIPTOR or real == descriptor:
            return real
        if descriptor is not None:
            known = members(folder)
            if (known is None and unreadable) or real in (known or ()):
                return descriptor
    return None


def _members(folder: Path) -> frozenset[Path] | None:
    """The files that the descriptor names, as their real places; `None` where it cannot be read."""
    try:
        package = open_package(folder)
    except CasetrailError:
        return None
    return frozenset(
        (folder / path).resolve()
        for resource in package.resources
        for path in (*resource.paths, resource.descriptor.table_schema, resource.descriptor.dialect)
        if isinstance(path, str)
    )
