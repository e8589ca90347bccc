"""Fixity: the file of a resource has the size and the hash that the descriptor says (`data-resource.mdx`)."""

from __future__ import annotations

import io
import re
from typing import ClassVar

from casetrail.checks.check import PackageCheck
from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.package.files import reading
from casetrail.package.resource import Resource

_BLOCK = 1 << 20
_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}


class Fixity(PackageCheck):
    """Compares `bytes` and `hash` of every resource that gives them with its files."""

    name = "bytes-and-hash"
    codes: ClassVar = {
        "bytes-mismatch": "A file is not as large as the descriptor says.",
        "hash-mismatch": "The bytes of a file are not those whose hash the descriptor gives.",
        "hash-unsupported": "The descriptor gives a hash of a kind that cannot be computed.",
    }

    def on_resource(self, resource: Resource, builder: ReportBuilder) -> None:
        """Look at the files of a resource that gives a size or a hash; for the size alone none is read."""
        declared = resource.descriptor
        if (declared.bytes is None and declared.hash is None) or not resource.paths:
            return
        name, digest = _split(declared.hash) if declared.hash is not None else (None, "")
        if name is not None and name not in _LENGTHS:
            message = (
                f"a hash of the kind '{name[:40]}' cannot be computed, so the file is not compared with it"
            )
            builder.add(
                _finding(resource, "hash-unsupported", message, resource.files.descriptor, "use sha256")
            )
            name = None
        state = None
        if name is not None:
            import hashlib

            state = hashlib.new(name, usedforsecurity=False)
        size = 0
        for path in resource.paths:
            with reading(resource.files, path), resource.open(path) as file:
                if state is None and file.seekable():
                    size += file.seek(0, io.SEEK_END)
                    continue
                while block := file.read(_BLOCK):
                    size += len(block)
                    if state is not None:
                        state.update(block)
        if declared.bytes is not None and declared.bytes != size:
            message = f"the file has {size:,} bytes, but the descriptor says {declared.bytes:,}"
            hint = "restore the file, or write the size that it has now"
            builder.add(_finding(resource, "bytes-mismatch", message, resource.path, hint))
        if state is not None and state.hexdigest() != digest:
            message = f"the {name} of the file is {state.hexdigest()}, but the descriptor says {digest[:128]}"
            hint = "the file was changed or damaged since: restore it, or write the hash that it has now"
            builder.add(_finding(resource, "hash-mismatch", message, resource.path, hint))


def _split(stated: str) -> tuple[str, str]:
    """MD5 has no prefix, every other algorithm has ("hash")."""
    algorithm, colon, digest = stated.strip().partition(":")
    if not colon:
        return "md5", stated.strip().lower()
    return re.sub("[-_]", "", algorithm.lower()), digest.strip().lower()


def _finding(resource: Resource, code: str, message: str, path: str, hint: str) -> Finding:
    return Finding(code, message, Place(table=resource.name, path=path), hint=hint)
