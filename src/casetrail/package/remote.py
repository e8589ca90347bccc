"""Files that a package names by URL; opened only where the caller allowed it."""

from __future__ import annotations

from typing import IO

from casetrail.findings.error import CasetrailError
from casetrail.package.files import PackageFiles
from casetrail.package.paths import is_url

TIMEOUT = 30
"""Seconds that a server may take for each answer."""


def open_path(files: PackageFiles, path: str) -> IO[bytes]:
    """Open a file of the package, or what is at a URL. Whoever calls has had the path checked."""
    return _open_url(path) if is_url(path) else files.open(path)


def _open_url(url: str) -> IO[bytes]:
    from urllib.error import URLError
    from urllib.request import urlopen

    try:
        # Redirects are followed to http, https and ftp only: urllib refuses every other scheme.
        answer: IO[bytes] = urlopen(url, timeout=TIMEOUT)
    except (URLError, OSError, ValueError) as error:
        raise CasetrailError(f"'{url[:200]}' cannot be fetched ({error}); check the address") from None
    return answer
