"""Archived copies of sources: which are missing, and how the Wayback Machine is asked to make them.

A page may vanish; what was read stays readable in an archive. The service is "Save Page Now": it is state an
address, answers with the name of a job, and says when asked how far the job is. By default it is asked
without an account; who has one gives its keys as `CASETRAIL_ARCHIVE_KEYS=access:secret`.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request

from casetrail.curate.format import canonical_bytes
from casetrail.curate.keyed_table import keyed_table
from casetrail.curate.writing import changing, folder_of, write_files
from casetrail.findings.error import CasetrailError
from casetrail.package.package import Package, open_package
from casetrail.package.servers import WebServers
from casetrail.tables.csv_writer import text_table

HOST = "https://web.archive.org"
"""The service that is asked, and the only address to which anything is sent."""

ASK_AGAIN = 5.0
"""Seconds between two questions how far a job is."""

PATIENCE = 180.0
"""Seconds after which a job that is not done is state up."""

_MAX_ANSWER = 1 << 20
_NO_REASON = "it does not say why"
_IN_ADDRESS = "!#$%&'()*+,/:;=?@[]~"
SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """The address of a source, where its archived copy is, and when it was read; empty where nobody says."""

    source_id: str
    url: str
    archived_url: str
    accessed: str
    read: str


@dataclass(frozen=True, slots=True)
class Archiving:
    """What came of asking for a copy: its address, or why there is none."""

    source_id: str
    archived_url: str = ""
    problem: str = ""


def source_addresses(package: Package) -> tuple[SourceAddress, ...]:
    """The sources that have an address on the web, in the order of the table.

    Raises:
        CasetrailError: The package has no table of sources, or it cannot be read without guessing.
    """
    if package.case_profile is None or SOURCES not in {table.name for table in package.tables}:
        raise CasetrailError(f"{package.files.descriptor} is no Case Data Package with a table of sources")
    rows = keyed_table(package.resource(SOURCES)).records()
    names = ("source_id", "url", "archived_url", "accessed", "read")
    every = (SourceAddress(*(row.get(name, "") for name in names)) for row in rows)
    return tuple(source for source in every if source.url.startswith(("https://", "http://")))


def archive_sources(package: Package, sources: tuple[SourceAddress, ...]) -> Iterator[Archiving]:
    """Ask for a copy of each source, one after the other, and write each address as soon as it is there.

    When the service says that it was asked too often, the others are not asked for.
    """
    root = folder_of(package.files, "sources check --archive")
    for number, source in enumerate(sources):
        try:
            address = _archived(source.url)
            _write(root, package.files.descriptor, source, address)
        except _TooOften as fault:
            for left in sources[number:]:
                yield Archiving(left.source_id, problem=str(fault))
            return
        except CasetrailError as fault:
            yield Archiving(source.source_id, problem=str(fault))
        else:
            yield Archiving(source.source_id, address)


class _TooOften(CasetrailError):
    """The service takes no more requests for now."""


def _write(root: Path, descriptor: str, source: SourceAddress, address: str) -> None:
    """Write the address of a copy into the table as it is now, for somebody may have edited it meanwhile."""
    with changing(root):
        package = open_package(root / descriptor)
        resource = package.resource(SOURCES)
        table = keyed_table(resource)
        rows = table.by_key()
        row = rows.get((source.source_id,))
        if row is None or row["url"] != source.url or row["archived_url"]:
            raise CasetrailError(f"the row was changed meanwhile; the copy is {address}")
        row["archived_url"] = address
        texts = text_table(
            table.columns, [[cells[name] for name in table.columns] for cells in rows.values()]
        )
        write_files(root, {resource.path: canonical_bytes(resource, texts)}, package.files)


def _archived(url: str) -> str:
    """The address of a new copy of a page.

    Raises:
        CasetrailError: The service made none, or gave no answer, for the reason that it says.
    """
    answer = _ask("/save", {"url": url})
    job = answer.get("job_id")
    if not isinstance(job, str) or not job:
        raise CasetrailError(f"the archive made no copy: {_said(answer, _NO_REASON)}")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        state = _ask(f"/save/status/{quote(job, safe='')}")
        if state.get("status") == "success":
            return _address(state, url)
        if state.get("status") != "pending":
            raise CasetrailError(f"the archive made no copy: {_said(state, _NO_REASON)}")
        time.sleep(ASK_AGAIN)
    raise CasetrailError(f"the archive did not finish within {PATIENCE:.0f} seconds; ask again later")


def _address(state: dict[str, Any], url: str) -> str:
    """The address of the copy that a job made: of the page that was asked for, or to which it led."""
    stamp, page = state.get("timestamp"), state.get("original_url") or url
    if not (isinstance(stamp, str) and re.fullmatch("[0-9]{4,14}", stamp)):
        raise CasetrailError("the archive says that there is a copy, but not where")
    if not (isinstance(page, str) and page.startswith(("https://", "http://"))):
        raise CasetrailError("the archive says that there is a copy, but not of which page")
    return f"{HOST}/web/{stamp}/{quote(page, safe=_IN_ADDRESS)}"


def _ask(path: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """What the service answers to one request."""
    headers = {"Accept": "application/json", "User-Agent": "casetrail"}
    if keys := os.environ.get("CASETRAIL_ARCHIVE_KEYS"):
        headers["Authorization"] = f"LOW {keys}"
    data = None if form is None else urlencode(form).encode()
    # The service answers by itself: the keys, which every request has, are sent nowhere else.
    servers = WebServers([urlsplit(HOST).hostname or ""], redirects=False)
    try:
        with servers.ask(Request(HOST + path, data, headers)) as response:
            content = response.read(_MAX_ANSWER)
    except HTTPError as error:
        if error.code == 429:
            raise _TooOften("the archive was asked too often; ask again later") from None
        answer = _json_object(error.read(_MAX_ANSWER)) or {}
        raise CasetrailError(
            f"the archive answers {error.code}: {_said(answer, str(error.reason))}"
        ) from None
    except (HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise CasetrailError(f"the archive cannot be reached ({reason})") from None
    if (state := _json_object(content)) is None:
        raise CasetrailError("the archive gives an answer that is no JSON object")
    return state


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _said(answer: dict[str, Any], otherwise: str) -> str:
    return str(answer.get("message") or answer.get("status_ext") or otherwise)[:200]
