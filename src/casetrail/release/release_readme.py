"""README.md of a release: which file to take, how to load it, what a cell means, whom to write to."""

from __future__ import annotations

from collections.abc import Iterator

from casetrail.describe.apa import apa
from casetrail.describe.citation import contacts, doi_url
from casetrail.describe.dataset import Dataset, FileFacts, page_languages
from casetrail.describe.markdown_text import cell, code, link, paragraph, table_rows
from casetrail.languages.words import NAMES


def readme(dataset: Dataset) -> str:
    """The text, from the descriptor and the list of files alone: it names no file that is not there."""
    return "\n\n".join(_parts(dataset)) + "\n"


def _parts(dataset: Dataset) -> Iterator[str]:
    cited = dataset.citation
    yield f"# {paragraph(cited.title)}"
    yield f"{code(dataset.name)}, version {cited.version} of {cited.day.isoformat()}."
    if cited.abstract:
        yield paragraph(cited.abstract)
    yield "## Which file do I want?"
    yield "\n".join(f"- {line}" for line in _wishes(dataset))
    yield "## Load it"
    yield from _loading(dataset)
    yield "## What a cell means"
    yield "\n".join(f"- {line}" for line in _cells(dataset))
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
    yield "## Errors, removals, newer versions"
    yield "\n".join(f"- {line}" for line in _contact(dataset))
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


def _has(dataset: Dataset, *paths: str) -> bool:
    return all(dataset.file(path) is not None for path in paths)


def _wishes(dataset: Dataset) -> Iterator[str]:
    first = dataset.tables[0].name if dataset.tables else ""
    name = dataset.name
    for path, wish in (
        ("index.html", "To read it: open [index.html](index.html) in a browser; it needs no network"),
        (f"{name}.xlsx", f"For Excel or LibreOffice: [{name}.xlsx]({name}.xlsx), a sheet for each table"),
        (f"{name}.sqlite", f"For SQL: [{name}.sqlite]({name}.sqlite)"),
        (f"parquet/{first}.parquet", "For pandas, polars, DuckDB, Arrow: the folder `parquet`"),
        ("load.R", "For R: [load.R](load.R)"),
        (f"data/{first}.csv", "For everything else: the folder `data`, CSV in UTF-8"),
        ("codebook.md", "To know what a column or term means: [codebook.md](codebook.md)"),
        ("data/README.md", "To know how the data were made: [data/README.md](data/README.md)"),
    ):
        if _has(dataset, path):
            yield f"{wish}."
        if path == "index.html" and (others := _translated_pages(dataset)):
            yield f"In other languages: {others}."


def _translated_pages(dataset: Dataset) -> str:
    pages = {code: f"index.{code}.html" for code in page_languages(dataset.descriptor)}
    return ", ".join(f"[{NAMES[code]}]({path})" for code, path in pages.items() if _has(dataset, path))


def _loading(dataset: Dataset) -> Iterator[str]:
    if not dataset.tables:
        return
    table = dataset.tables[0].name
    name, path = _variable(table), f"parquet/{table}.parquet"
    if _has(dataset, path):
        as_pandas = f'pd.read_parquet("{path}", dtype_backend="numpy_nullable")'
        yield f"```python\nimport pandas as pd\n{name} = {as_pandas}\n```"
        yield f'```python\nimport polars as pl\n{name} = pl.read_parquet("{path}")\n```'
        yield f"```sql\n-- DuckDB, in this folder\nSELECT * FROM '{path}' LIMIT 5;\n```"
    if _has(dataset, "load.R"):
        yield f'```r\nsource("load.R")\ncase <- read_case(".")\nstr(case[["{table}"]])\n```'
    yield (
        f"```python\nimport casetrail  # everything, with what the columns mean and who says so\n"
        f'package = casetrail.open(".")\npackage["{table}"]\n```'
    )


def _variable(name: str) -> str:
    return name if name.isidentifier() else "table"


def _cells(dataset: Dataset) -> Iterator[str]:
    fields = [(table, field) for table in dataset.tables for field in table.schema.fields]
    if all(table.schema.missing(field) == ("",) for table, field in fields):
        yield "**Empty** means that there is no value: not known, or not applicable. It never means “no”."
        yield (
            "**`NA` is a text**, not a missing value. Readers of CSV have to be told: "
            '`keep_default_na=False, na_values=[""]` in pandas, `na = ""` in readr.'
        )
    if any(field.is_edtf for _, field in fields):
        yield (
            "**A date known in part** stays as it is: `2026-01` is a month, `[2025-11-13..2025-11-14]` one "
            "day of two. In Parquet and SQLite two columns beside it, `…_earliest` and `…_latest`, have days "
            "to sort by."
        )
    if dataset.table("evidence") is not None and dataset.table("disagreements") is not None:
        yield (
            "**Is this cell disputed?** Look for rows of `evidence` with the id of the row in `row_id` and "
            "the name of the column in `field`. Where one has a `disagreement_id`, read all its versions "
            "before you "
            + (
                "use the cell; `derived/versions.parquet` has them with the number of their origins."
                if _has(dataset, "derived/versions.parquet")
                else "use the cell."
            )
        )
    yield (
        "**Excel** changes dates, codes and long numbers when it opens a CSV file by double click"
        + (
            f": take [{dataset.name}.xlsx]({dataset.name}.xlsx), in which every cell is text."
            if _has(dataset, f"{dataset.name}.xlsx")
            else ". Import the file with every column as text."
        )
    )
    yield (
        "**Known gaps** are "
        + ("in [data/README.md](data/README.md)" if _has(dataset, "data/README.md") else "those above")
        + (
            ", what other releases have and this one lacks in [release.json](release.json)."
            if _has(dataset, "release.json")
            else "."
        )
    )


def _contact(dataset: Dataset) -> Iterator[str]:
    found = contacts(dataset.descriptor)
    if found:
        yield (
            "Corrections, and requests to withhold or remove a name: "
            f"{', '.join(map(_address, found))}. Give the id of the row; do not write a name that should not "
            "be public."
        )
    else:
        yield "The descriptor names no contact for corrections and removals."
    if dataset.citation.url:
        yield f"The newest version: <{dataset.citation.url}>."
    elif dataset.citation.concept_doi:
        yield f"The newest version: <{doi_url(dataset.citation.concept_doi)}>."
    else:
        yield "Where the newest version is found the descriptor does not say."
    if _has(dataset, "CHANGELOG.md"):
        yield "What changed from version to version: [CHANGELOG.md](CHANGELOG.md)."


def _address(contact: str) -> str:
    return f"<{contact}>" if contact.startswith(("https://", "http://")) else code(contact)


def _licence(title: str, path: str | None) -> str:
    return link(title, path) if path else paragraph(title)


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
