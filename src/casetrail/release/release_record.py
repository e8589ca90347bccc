"""release.json: what made the release, who accepts it, the hash of its content, what is missing and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

import casetrail
from casetrail.case.row_model import RowVerdict
from casetrail.describe.json_document import json_document
from casetrail.findings.error import CasetrailError
from casetrail.findings.report import Report
from casetrail.release.seal import SIGNATURE
from casetrail.release.second_opinion import Opinion
from casetrail.release.staged import Staged

NAME = "release.json"
ABOUT = "What made this release, which validators accept it, the hash of its content, what is missing"

_OF_THE_FILE = ("path", "format", "mediatype", "encoding", "dialect", "bytes")

Sha256 = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class _Model(BaseModel):
    # What a later version of the program may say besides is no reason to distrust a release.
    model_config = ConfigDict(
        strict=True, frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True
    )


class Tool(_Model):
    """A program and its version."""

    name: str
    version: str


class ToolVerdict(_Model):
    """What a validator says of the release; `findings` are counted by code, `checks` are those that ran."""

    tool: str
    version: str
    valid: bool
    errors: int
    warnings: int
    notes: int | None = None
    findings: dict[str, int] | None = None
    checks: tuple[str, ...] | None = None


class MissingFile(_Model):
    """A file that is missing, or was not searched, and why."""

    path: str
    reason: str


class WithheldSearchRecord(_Model):
    """Whether the files were searched for withheld names, what that means, and which could not be."""

    searched: bool
    meaning: str
    not_searched: tuple[MissingFile, ...] = ()


class TableRecord(_Model):
    """A table: its file and the number of its rows."""

    name: str
    path: str
    rows: int


class ReleaseRecord(_Model):
    """The content of `release.json`. It names no machine, no user and no time of building.

    `content_hash` is that of `content_hash`; of the libraries, `writers` has the one whose version decides on
    bytes that are no content.
    """

    name: str
    version: str
    date: date
    doi: str | None = None
    concept_doi: str | None = None
    content_hash: Sha256
    tool: Tool
    writers: dict[str, str]
    validation: tuple[ToolVerdict, ...]
    withheld_names: WithheldSearchRecord
    signature: str | None = None
    tables: tuple[TableRecord, ...]
    missing: tuple[MissingFile, ...]

    @classmethod
    def of(
        cls,
        staged: Staged,
        *,
        content_hash: str,
        report: Report,
        rows: RowVerdict | None,
        opinion: Opinion,
        not_searched: Mapping[str, str] | None,
        signed: bool,
    ) -> ReleaseRecord:
        """The record of a release that is about to be sealed."""
        cited = staged.citation
        return cls(
            name=staged.name,
            version=cited.version,
            date=cited.day,
            doi=cited.doi,
            concept_doi=cited.concept_doi,
            content_hash=content_hash,
            tool=Tool(name="casetrail", version=casetrail.__version__),
            writers={"pyarrow": version("pyarrow")},
            validation=(_own(report), *_of_rows(rows), _other(opinion)),
            withheld_names=_withheld_search(not_searched),
            signature=SIGNATURE if signed else None,
            tables=tuple(
                TableRecord(name=table.name, path=table.path, rows=staged.rows[table.name])
                for table in staged.package.tables
            ),
            missing=tuple(MissingFile(path=path, reason=why) for path, why in staged.missing.items()),
        )

    @classmethod
    def read(cls, data: bytes) -> ReleaseRecord:
        """Read the file.

        Raises:
            CasetrailError: It is not as a release has it (exit code 1).
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "the file"
            raise CasetrailError(
                f"{NAME} is not as a release has it: {place}: {first['msg'].lower()}", exit_code=1
            ) from None

    def text(self) -> str:
        """The text of the file."""
        return json_document(self.model_dump(mode="json", by_alias=True, exclude_none=True))


def content_hash(descriptor: Mapping[str, Any]) -> str:
    """What a release says, as one hash, from its `datapackage.json`.

    `sha256:` and the SHA-256 of the JSON (UTF-8, keys sorted, no blanks) of the descriptor without what says
    how a file is written: `path`, `format`, `mediatype`, `encoding`, `dialect` and `bytes` of its resources.
    Each resource keeps its `hash`, for a table that of its canonical CSV. So it stays the same when a later
    version of the program adds other files of the same tables.
    """
    resources = [
        {name: value for name, value in resource.items() if name not in _OF_THE_FILE}
        for resource in descriptor["resources"]
    ]
    text = json.dumps(
        {**descriptor, "resources": resources}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _withheld_search(not_searched: Mapping[str, str] | None) -> WithheldSearchRecord:
    if not_searched is None:
        meaning = "no list of withheld names was given, so nothing was searched for"
        return WithheldSearchRecord(searched=False, meaning=meaning)
    files = "every file" if not not_searched else "every file but those of notSearched"
    return WithheldSearchRecord(
        searched=True,
        meaning=f"{files} was searched for the names in a private list, in the ways that the documentation "
        "of casetrail lists; none was found",
        not_searched=tuple(MissingFile(path=path, reason=why) for path, why in not_searched.items()),
    )


def _own(report: Report) -> ToolVerdict:
    return ToolVerdict(
        tool="casetrail",
        version=casetrail.__version__,
        valid=report.valid,
        errors=report.errors,
        warnings=report.warnings,
        notes=report.notes,
        findings=dict(report.counts),
        checks=tuple(check.name for check in report.checks if check.ran),
    )


def _of_rows(rows: RowVerdict | None) -> tuple[ToolVerdict, ...]:
    """The verdict of the row models, which a case has beside that of the checks."""
    if rows is None:
        return ()
    tool = "casetrail, row models"
    valid = not rows.refused
    return (
        ToolVerdict(tool=tool, version=casetrail.__version__, valid=valid, errors=rows.refused, warnings=0),
    )


def _other(opinion: Opinion) -> ToolVerdict:
    return ToolVerdict(
        tool=opinion.tool,
        version=opinion.version,
        valid=opinion.valid,
        errors=opinion.errors,
        warnings=opinion.warnings,
    )
