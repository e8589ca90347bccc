"""What makes each file of the list in `contents`: a short function each, with its imports inside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from casetrail.describe.citation import Citation
from casetrail.findings.error import CasetrailError
from casetrail.release.machine import machine_error
from casetrail.release.staged import NotMade, Staged


def parquet(staged: Staged, target: Path, table: str | None) -> None:
    """One table as Parquet."""
    from casetrail.exports.parquet import write_parquet

    write_parquet(staged.typed(table or ""), target)


def json_records(staged: Staged, target: Path, table: str | None) -> None:
    """One table as a JSON array."""
    from casetrail.exports.json_records import write_json

    write_json(staged.typed(table or ""), target)


def sqlite(staged: Staged, target: Path, table: str | None) -> None:
    """All tables as one SQLite database; none where SQLite cannot tell two names apart."""
    from casetrail.exports.sqlite import write_sqlite

    tables = [staged.typed(one.name) for one in staged.package.tables]
    try:
        write_sqlite(tables, target, case=staged.package.case_profile is not None)
    except CasetrailError as error:
        target.unlink(missing_ok=True)
        raise _not_made(error) from None


def workbook(staged: Staged, target: Path, table: str | None) -> None:
    """`<name>.xlsx`; none where a spreadsheet cannot hold a cell or a table."""
    from casetrail.workbook.write import write_workbook

    try:
        write_workbook(staged.package, target)
    except CasetrailError as error:
        raise _not_made(error) from None


def load_r(staged: Staged, target: Path, table: str | None) -> None:
    """`load.R`, with the checksums that R can compute of the files that it reads."""
    import hashlib

    from casetrail.exports.r_loader import RFiles, write_r_loader

    def md5(file: IO[bytes]) -> str:
        with file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()  # type: ignore[arg-type]

    files = {}
    for one in staged.package.tables:
        records = f"json/{one.name}.json"
        made = (staged.root / records).open("rb")
        files[one.name] = RFiles(one.path, records, csv_md5=md5(one.open()), json_md5=md5(made))
    write_r_loader([staged.typed(name) for name in files], files, target, name=staged.name)


def ftm(staged: Staged, target: Path, table: str | None) -> None:
    """`ftm.json`, of a case."""
    from casetrail.case.case import Case
    from casetrail.exports.ftm import write_ftm

    if staged.package.case_profile is None:
        raise NotMade("entities are made of a Case Data Package")
    write_ftm(Case.load(staged.package), target, dataset=staged.name)


def ical(staged: Staged, target: Path, table: str | None) -> None:
    """`hearings.ics`, of a case."""
    from casetrail.case.case import Case
    from casetrail.exports.ical import write_ical

    if staged.package.case_profile is None:
        raise NotMade("a calendar is made of the hearings of a Case Data Package")
    write_ical(Case.load(staged.package), target, created=staged.package.descriptor.created)


def cff(staged: Staged, target: Path, table: str | None) -> None:
    """`CITATION.cff`."""
    from casetrail.describe.cff import cff as text

    _cite(staged, target, text)


def bibtex(staged: Staged, target: Path, table: str | None) -> None:
    """`citation.bib`."""
    from casetrail.describe.bibtex import bibtex as text

    _cite(staged, target, text)


def ris(staged: Staged, target: Path, table: str | None) -> None:
    """`citation.ris`."""
    from casetrail.describe.ris import ris as text

    _cite(staged, target, text)


def csl(staged: Staged, target: Path, table: str | None) -> None:
    """`citation.csl.json`."""
    from casetrail.describe.csl import csl as text

    _cite(staged, target, text)


def datacite(staged: Staged, target: Path, table: str | None) -> None:
    """`datacite.json`; none where no publisher is known."""
    from casetrail.describe.datacite import datacite as text

    try:
        _cite(staged, target, text)
    except CasetrailError as error:
        raise NotMade(str(error)) from None


def croissant(staged: Staged, target: Path, table: str | None) -> None:
    """`croissant.json`."""
    from casetrail.describe.croissant import croissant as text

    _write(target, text(staged.dataset))


def csvw(staged: Staged, target: Path, table: str | None) -> None:
    """`csvw-metadata.json`."""
    from casetrail.describe.csvw import csvw as text

    _write(target, text(staged.dataset))


def schema_org(staged: Staged, target: Path, table: str | None) -> None:
    """`schema-org.jsonld`."""
    from casetrail.describe.schema_org import schema_org as text

    _write(target, text(staged.dataset))


def codebook(staged: Staged, target: Path, table: str | None) -> None:
    """`codebook.md`."""
    from casetrail.describe.codebook import codebook as text

    _write(target, text(staged.dataset))


def page(staged: Staged, target: Path, table: str | None) -> None:
    """`index.html`, with the files made before it as its downloads."""
    from casetrail.site.page import write_page

    write_page(staged.package, target, downloads=staged.files)


def ro_crate(staged: Staged, target: Path, table: str | None) -> None:
    """`ro-crate-metadata.json`."""
    from casetrail.describe.ro_crate import ro_crate as text

    _write(target, text(staged.dataset))


def readme(staged: Staged, target: Path, table: str | None) -> None:
    """`README.md`, about the dataset."""
    from casetrail.release.readme import readme as text

    _write(target, text(staged.dataset))


def method(staged: Staged, target: Path, table: str | None) -> None:
    """`data/README.md`, as it stands in the package."""
    _copy(
        staged,
        target,
        ("data/README.md",),
        "the package has no data/README.md with its method",
    )


def licence(staged: Staged, target: Path, table: str | None) -> None:
    """`LICENSE`: the licence of the data, which stands in `LICENSE-DATA` where the code has another."""
    _copy(staged, target, ("LICENSE-DATA", "LICENSE"), "the package has no text of its licence")


def changelog(staged: Staged, target: Path, table: str | None) -> None:
    """`CHANGELOG.md`, as it stands in the package."""
    _copy(staged, target, ("CHANGELOG.md",), "the package has no CHANGELOG.md")


def _not_made(error: CasetrailError) -> NotMade | OSError:
    """Why this dataset has no such file; but what the machine could not do stops the release."""
    return machine_error(error) or NotMade(str(error))


def _cite(staged: Staged, target: Path, text: Callable[[Citation], str]) -> None:
    _write(target, text(staged.citation))


def _write(target: Path, text: str) -> None:
    target.write_bytes(text.encode())


def _copy(staged: Staged, target: Path, names: tuple[str, ...], lack: str) -> None:
    """Copy the first of the files that is there, with line feeds; no link is followed out of the package."""
    from casetrail.package.files import FolderFiles

    files = FolderFiles(staged.source)
    for name in names:
        if files.problem(name) is None:
            with files.open(name) as file:
                data = file.read()
            target.write_bytes(data.replace(b"\r\n", b"\n"))
            return
    raise NotMade(lack)
