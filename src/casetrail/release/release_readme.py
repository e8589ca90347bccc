"""README.md of a release: what the dataset is, how to cite it, what each file is for, how to check it."""

from __future__ import annotations

from collections.abc import Iterator

from casetrail.describe.apa import apa
from casetrail.describe.citation import doi_url
from casetrail.describe.dataset import Dataset, FileFacts
from casetrail.describe.markdown_text import cell, code, paragraph, table_rows


def readme(dataset: Dataset) -> str:
    """The text, from the descriptor and the list of files alone."""
    return "\n\n".join(_parts(dataset)) + "\n"


def _parts(dataset: Dataset) -> Iterator[str]:
    cited = dataset.citation
    yield f"# {paragraph(cited.title)}"
    yield f"{code(dataset.name)}, version {cited.version} of {cited.day.isoformat()}."
    if cited.abstract:
        yield paragraph(cited.abstract)
    yield "## How to cite"
    yield f"> {paragraph(apa(cited))}"
    yield "The same for programs: `CITATION.cff`, `citation.bib`, `citation.ris`, `citation.csl.json`."
    if cited.doi:
        yield f"The DOI of this version is <{doi_url(cited.doi)}>."
    if cited.concept_doi:
        yield f"The DOI of all versions together is <{doi_url(cited.concept_doi)}>."
    if cited.licences:
        yield "## Licence"
        yield (
            "; ".join(
                _licence(licence.title or licence.name or licence.path or "", licence.path)
                for licence in cited.licences
            )
            + "."
        )
    yield "## The tables"
    yield "What each column means is in [codebook.md](codebook.md)."
    yield table_rows(
        ("table", "rows", "a row is"),
        (
            (code(table.name), "" if table.rows is None else f"{table.rows:,}", cell(table.description))
            for table in dataset.tables
        ),
    )
    yield "## The files"
    yield table_rows(("file", "what it is"), ((code(path), cell(about)) for path, about in _files(dataset)))
    yield "## Is this copy whole?"
    yield (
        "`SHA256SUMS` has the checksum of every file. `sha256sum --check SHA256SUMS` (macOS: `shasum -a 256 "
        "-c SHA256SUMS`) compares them; `casetrail verify .` does so too, finds files too many, and checks "
        "the tables once more. The zip beside this folder holds the same files; `casetrail verify` reads it "
        "unopened."
    )


def _licence(title: str, path: str | None) -> str:
    return f"[{paragraph(title)}]({path})" if path else paragraph(title)


def _files(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Each file, but one line for all tables of a format."""
    tables = {table.name for table in dataset.tables}
    listed: set[str] = set()
    for file in sorted(dataset.files, key=lambda file: (file.path.count("/"), file.path)):
        path, about = _of_all_tables(file, tables)
        if path not in listed:
            listed.add(path)
            yield path, about


def _of_all_tables(file: FileFacts, tables: set[str]) -> tuple[str, str]:
    folder, _, name = file.path.rpartition("/")
    stem, _, ending = name.rpartition(".")
    if folder and stem in tables:
        return f"{folder}/*.{ending}", file.about.replace(f"The table '{stem}'", "Each table")
    return file.path, file.about
