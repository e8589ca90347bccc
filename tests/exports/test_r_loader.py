"""load.R, run by R: every cell of every table as Python has it, with types, labels and the citation."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import casetrail
from programs import need_for_r

EPOCH = dt.date(1970, 1, 1)
RColumns = Callable[[str], dict[str, Any]]


def as_python(column: dict[str, Any], kind: pa.DataType) -> list[Any]:
    """What R holds, as the Python value of the Arrow type; fails where the class in R is another."""
    values, classes = column["values"], column["class"]
    if pa.types.is_dictionary(kind):
        assert classes == (["ordered", "factor"] if kind.ordered else ["factor"])
        return list(values)
    if pa.types.is_date(kind):
        assert classes == ["Date"]
        return [None if one is None else EPOCH + dt.timedelta(days=int(one)) for one in values]
    if pa.types.is_timestamp(kind) and kind.tz:
        assert classes == ["POSIXct", "POSIXt"]
        start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        return [None if one is None else start + dt.timedelta(microseconds=int(one)) for one in values]
    if pa.types.is_integer(kind):
        assert classes == ["integer"]
        return [None if one is None else int(one) for one in values]
    if pa.types.is_floating(kind):
        assert classes == ["numeric"]
        return [None if one is None else float.fromhex(one) for one in values]
    assert classes == ["character"]
    if pa.types.is_time(kind):
        return [None if one is None else dt.time.fromisoformat(one) for one in values]
    return list(values)


@pytest.mark.program("Rscript")
def test_every_cell_of_the_dataset_is_the_same_in_r_and_in_python(release: Path, r_columns: RColumns) -> None:
    found = r_columns(f"source({json.dumps(str(release / 'load.R'))})\ntables <- read_case({str(release)!r})")
    case = casetrail.open(release)
    assert list(found) == list(case.tables)
    cells = 0
    for name, table in case.items():
        assert list(found[name]) == table.column_names
        for field in table.schema:
            column = found[name][field.name]
            assert as_python(column, field.type) == table.column(field.name).to_pylist(), (name, field.name)
            cells += table.num_rows
            about = case.columns(name)[field.name]
            assert column["levels"] == list(about.labels)
            assert column["attributes"].get("label", "") == about.title
            assert column["attributes"].get("description", "") == about.description
            assert column["attributes"].get("unit", "") == about.unit
            labels = column["attributes"].get("labels", {})
            assert labels == {label: term for term, label in about.labels.items()}
    assert cells > 10_000


def run_r(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    need_for_r("jsonlite::fromJSON")
    command = ["Rscript", "--vanilla", "-e", code]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**os.environ, **environment}
    )


@pytest.mark.program("Rscript")
def test_a_zip_and_the_citation(release: Path) -> None:
    zipped = release.with_name(f"{release.name}.zip")
    code = f"case <- read_case({str(zipped)!r}); cat(nrow(case$events), attr(case, 'citation'))"
    # A locale without Unicode must change nothing.
    done = run_r(f"source('load.R'); {code}", release, LC_ALL="C")
    assert done.returncode == 0, done.stderr
    case = casetrail.open(release)
    assert done.stdout == f"{case['events'].num_rows} {case.citation()}"


@pytest.mark.program("Rscript")
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "data/events.csv").unlink(), "'data/events.csv' is missing from '.'"),
        (lambda folder: (folder / "json/events.json").unlink(), "'json/events.json' is missing from '.'"),
        (
            lambda folder: (folder / "data/events.csv").write_text("event_id\n", encoding="utf-8"),
            "'data/events.csv' in '.' was altered; download the release again",
        ),
    ],
)
def test_a_release_that_is_not_whole_is_told_in_one_sentence(
    release: Path, tmp_path: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(release, folder)
    spoil(folder)
    done = run_r("source('load.R'); case <- read_case()", folder)
    assert done.returncode != 0 and sentence in done.stderr


@pytest.mark.program("Rscript")
def test_no_release_and_no_zip(release: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    load = f"source({str(release / 'load.R')!r}); "
    assert "there is no release at 'nowhere'" in run_r(load + "read_case('nowhere')", tmp_path).stderr
    assert "'broken.zip' cannot be read as a zip" in run_r(load + "read_case('broken.zip')", tmp_path).stderr


def test_the_script_is_ascii_and_holds_no_code_of_a_stranger(tmp_path: Path) -> None:
    from casetrail.exports.r_loader import RFiles, write_r_loader
    from casetrail.package.package import open_package
    from casetrail.tables.typed import TypedTable

    wicked = '"); system("touch owned"); ("'
    (tmp_path / "t.csv").write_text("a\nx\n", encoding="utf-8")
    field = {"name": "a", "type": "string", "title": wicked, "description": "ж\n\\", "categories": ["x"]}
    resource = {"name": "t", "path": "t.csv", "title": wicked, "schema": {"fields": [field]}}
    descriptor = {"name": "stranger", "version": "1\nsystem('touch owned')", "resources": [resource]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    package = open_package(tmp_path)
    things = package.resource("t")
    assert things.schema is not None
    table = TypedTable(things, things.schema, metadata={"version": package.version or "", "title": wicked})
    write_r_loader([table], {"t": RFiles("t.csv")}, tmp_path / "load.R", name=wicked)
    script = (tmp_path / "load.R").read_bytes()
    assert script.isascii()
    if shutil.which("Rscript"):
        done = run_r("source('load.R'); case <- read_case(); cat(attr(case$t$a, 'label'))", tmp_path)
        assert done.stdout == wicked, done.stderr
        assert not (tmp_path / "owned").exists()


def test_a_table_at_an_address_is_not_read_by_the_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import fsspec

    from casetrail.cli.main import main

    with fsspec.open("memory://shelf/t.csv", "wb") as file:
        file.write(b"a\nx\n")
    schema = {"fields": [{"name": "a", "type": "string"}]}
    descriptor = {
        "name": "far",
        "resources": [{"name": "t", "path": "memory://shelf/t.csv", "schema": schema}],
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    script = tmp_path / "load.R"
    arguments = ["export", "--to", "r", "--allow-remote", "--output", str(script), str(tmp_path)]
    assert main(arguments) == 2
    assert "the table 't' is at an address; download its files" in capsys.readouterr().err
    assert not script.exists()
