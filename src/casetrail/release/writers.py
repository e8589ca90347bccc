"""What writes the files of a release: three ways that most share, an export, and the two for readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from casetrail.describe.citation import Citation
from casetrail.describe.codebook import codebook
from casetrail.describe.column_counts import column_counts
from casetrail.describe.dataset import Dataset, page_languages
from casetrail.exports.case_answers import write_derived
from casetrail.exports.export import FileExport
from casetrail.findings.error import CasetrailError, NotMade
from casetrail.languages.words import language_named, speaking
from casetrail.package.files import FolderFiles
from casetrail.release import changelog
from casetrail.release.staged import Staged

Writer = Callable[[Staged, Path, str | None], None]
"""Writes one file of a release; the text is its table or its language, if any. Raises `NotMade`."""


def cites(text: Callable[[Citation], str]) -> Writer:
    """The citation in one of its styles."""
    return lambda staged, target, table: _write(target, text(staged.citation))


def describes(text: Callable[[Dataset], str]) -> Writer:
    """The dataset in one of its descriptors, with the files made so far and those to come."""
    return lambda staged, target, table: _write(target, text(staged.dataset))


def describes_with_counts(text: Callable[[Dataset], str]) -> Writer:
    """The dataset in a descriptor that says how its columns are filled."""
    return lambda staged, target, table: _write(
        target, text(replace(staged.dataset, counts=column_counts(staged.package)))
    )


def copies(*names: str, absent: str) -> Writer:
    """The first of these files of the package, with line feeds; no link is followed out of the package."""

    def write(staged: Staged, target: Path, table: str | None) -> None:
        files = FolderFiles(staged.source)
        for name in names:
            if files.problem(name) is None:
                with files.open(name) as file:
                    target.write_bytes(file.read().replace(b"\r\n", b"\n"))
                return
        raise NotMade(absent)

    return write


def changes(staged: Staged, target: Path, table: str | None) -> None:
    """The change log, as far as it is about the dataset. Raises `NotMade` where there is none."""
    copies(changelog.NAME, absent=f"the package has no {changelog.NAME}")(staged, target, table)
    _write(target, changelog.changes_of(staged.name, target.read_text(encoding="utf-8")))


def exports(export: FileExport) -> Writer:
    """The package, or one table of it, in an export format."""

    def write(staged: Staged, target: Path, table: str | None) -> None:
        source = staged.export_source
        export.write(source if table is None else source.only(table), target)

    return write


def derives(name: str) -> Writer:
    """A derived table of a case."""
    return lambda staged, target, table: write_derived(staged.export_source, name, target)


def codebook_in_language(staged: Staged, target: Path, code: str | None) -> None:
    """The codebook in a language of the package."""
    with speaking(language_named(code or "en")):
        describes_with_counts(codebook)(staged, target, None)


def workbook(staged: Staged, target: Path, table: str | None) -> None:
    """The spreadsheet.

    Raises:
        NotMade: A spreadsheet cannot hold a cell or a table.
    """
    from casetrail.workbook.write import workbook_bytes

    try:
        data = workbook_bytes(staged.package)
    except CasetrailError as error:
        raise NotMade(str(error)) from None
    target.write_bytes(data)


def page(staged: Staged, target: Path, table: str | None) -> None:
    """The page in English, with the files made before it as its downloads."""
    page_in_language(staged, target, "en")


def page_in_language(staged: Staged, target: Path, code: str | None) -> None:
    """The page in a language of the package."""
    from casetrail.site.page import page_text

    codes = page_languages(staged.package.descriptor)
    pages = {other: "index.html" if other == "en" else f"index.{other}.html" for other in codes}
    language = language_named(code or "en")
    _write(target, page_text(staged.package, downloads=staged.seal.files, language=language, pages=pages))


def _write(target: Path, text: str) -> None:
    target.write_bytes(text.encode())
