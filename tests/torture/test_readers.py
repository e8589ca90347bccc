"""The torture table in every format, read by every reader: equal values, but for the limits in the docs.

What a reader gives is held to what the cells mean (`conftest`), written down apart from any code that reads
them. The limits are read from `docs/how-to/load.md`, so that it can neither leave one out nor name one that
is gone.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import casetrail

Columns = Mapping[str, Sequence[Any]]
RColumns = Callable[[str], dict[str, Any]]
LOADING = Path(__file__).parent.parent.parent / "docs" / "how-to" / "load.md"


def limits() -> dict[tuple[str, str], set[str]]:
    """The table of limits of the docs: of each format and reader the columns that do not come through."""
    text = LOADING.read_text(encoding="utf-8")
    found: dict[tuple[str, str], set[str]] = {}
    rows = re.findall(
        r"^\| (CSV|Parquet|JSON|SQLite|Spreadsheet|load\.R|casetrail) \| (.+?) \| (.+?) \| .+\|$", text, re.M
    )
    for form, readers, what in rows:
        for reader in readers.split(", "):
            found.setdefault((form, reader.replace("`", "")), set()).update(re.findall(r"`(\w+)`", what))
    return found


LIMITS = limits()


def same(found: Any, wanted: Any) -> bool:
    """Whether two values are equal, and of one kind: `1` is not `True`, `"1"` is not `1`."""
    if isinstance(found, float) and isinstance(wanted, float) and math.isnan(wanted):
        return math.isnan(found)
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return isinstance(found, bool) == isinstance(wanted, bool) and found == wanted
    return type(found) is type(wanted) and bool(found == wanted)


def hold(form: str, reader: str, found: Columns, *accepted: Columns) -> None:
    """Fail unless the columns that differ from every accepted form are those that the docs name."""
    wanted = accepted[0]
    derived = {"when_earliest", "when_latest"}
    assert set(found) | derived == set(wanted) | derived
    wrong = {
        name
        for name in found
        if not any(
            len(found[name]) == len(one[name]) and all(map(same, found[name], one[name])) for one in accepted
        )
    }
    assert wrong == LIMITS.get((form, reader), set()) | LIMITS.get((form, "every reader"), set())


def of_pandas(frame: Any) -> Columns:
    """The values of a frame as Python has them; what pandas calls missing is `None`."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if value is pd.NA or value is pd.NaT:
            return None
        return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value

    found = {}
    for name in frame.columns:
        values = [plain(value) for value in frame[name].tolist()]
        if not str(frame[name].dtype).startswith(("double", "Float", "float")):
            values = [None if isinstance(value, float) and math.isnan(value) else value for value in values]
        found[name] = values
    return found


def of_rows(cursor: Any) -> Columns:
    """The values of a database cursor by column."""
    rows = cursor.fetchall()
    return {column[0]: [row[place] for row in rows] for place, column in enumerate(cursor.description)}


def duck(sql: str) -> Columns:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return of_rows(connection.execute(sql))


def of_r(table: dict[str, Any]) -> Columns:
    """What R holds, as Python values by their classes."""
    start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    readings: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "integer64": int,
        "numeric": float.fromhex,
        "logical": lambda text: text == "TRUE",
        "Date": lambda text: (start + dt.timedelta(days=int(text))).date(),
        "POSIXct": lambda text: start + dt.timedelta(microseconds=int(text)),
    }
    return {
        name: [
            None if one is None else readings.get(column["class"][0], str)(one) for one in column["values"]
        ]
        for name, column in table.items()
    }


def with_days(found: Columns, days: Columns) -> Columns:
    """Midnights as days, where pandas, which has no type for days, has made moments of them."""
    return {
        name: [one.date() if isinstance(one, dt.datetime) else one for one in values]
        if any(isinstance(one, dt.date) and not isinstance(one, dt.datetime) for one in days[name])
        else values
        for name, values in found.items()
    }


# CSV, as text


def test_csv_by_pandas(torture: Path, as_texts: Columns) -> None:
    import pandas as pd

    frame = pd.read_csv(torture / "data/torture.csv", dtype=str, keep_default_na=False, na_values=[""])
    hold("CSV", "pandas", of_pandas(frame), as_texts)


def test_csv_by_polars(torture: Path, as_texts: Columns) -> None:
    import polars as pl

    frame = pl.read_csv(torture / "data/torture.csv", infer_schema=False)
    hold("CSV", "polars", frame.to_dict(as_series=False), as_texts)


def test_csv_by_duckdb(torture: Path, as_texts: Columns) -> None:
    found = duck(f"SELECT * FROM read_csv('{torture}/data/torture.csv', all_varchar = true)")
    hold("CSV", "DuckDB", found, as_texts)


def test_csv_by_pyarrow(torture: Path, as_texts: Columns) -> None:
    import pyarrow as pa
    from pyarrow import csv

    table = csv.read_csv(
        torture / "data/torture.csv",
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(as_texts, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )
    hold("CSV", "pyarrow", table.to_pydict(), as_texts)


@pytest.mark.program("Rscript")
def test_csv_by_r(torture: Path, as_texts: Columns, r_columns: RColumns) -> None:
    path = json.dumps(str(torture / "data/torture.csv"))
    found = r_columns(
        "tables <- list("
        f"base = read.csv({path}, colClasses = 'character', na.strings = '', encoding = 'UTF-8'),"
        f"readr = readr::read_csv({path}, col_types = readr::cols(.default = 'c'), na = '', trim_ws = FALSE))"
    )
    hold("CSV", "R", of_r(found["base"]), as_texts)
    hold("CSV", "readr", of_r(found["readr"]), as_texts)


# casetrail and load.R, typed


def test_casetrail(torture: Path, typed: Columns) -> None:
    zipped = torture.with_name(f"{torture.name}.zip")
    for path in (torture, zipped, Path(__file__).parent / "package"):
        case = casetrail.open(path)
        hold("casetrail", "pyarrow", case["torture"].to_pydict(), typed)
        hold("casetrail", "pandas", with_days(of_pandas(case.to_pandas("torture")), typed), typed)
        hold("casetrail", "polars", case.to_polars("torture").to_dict(as_series=False), typed)
        with case.to_duckdb() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            hold("casetrail", "DuckDB", of_rows(connection.execute("SELECT * FROM torture")), typed)


def test_casetrail_keeps_terms_that_are_not_used(torture: Path) -> None:
    case = casetrail.open(torture)
    terms = ["none", "low", "middle", "high"]
    frame = case.to_pandas("torture")
    assert frame["grade"].cat.categories.tolist() == terms and frame["grade"].cat.ordered
    assert frame["colour"].cat.categories.tolist() == ["red", "NA", "blå"] and not frame["colour"].cat.ordered
    assert case.to_polars("torture")["grade"].dtype.categories.to_list() == terms


@pytest.mark.program("Rscript")
def test_load_r(
    torture: Path, typed: Columns, as_json: Columns, as_texts: Columns, r_columns: RColumns
) -> None:
    found = r_columns(f"source('{torture}/load.R')\ntables <- read_case('{torture}')")["torture"]
    hold("load.R", "R", of_r(found), typed, as_json, {**typed, "beyond": as_texts["beyond"]})
    assert found["grade"]["class"] == ["ordered", "factor"]
    assert found["grade"]["levels"] == ["none", "low", "middle", "high"]
    assert found["colour"]["class"] == ["factor"] and found["colour"]["levels"] == ["red", "NA", "blå"]
    classes = {name: column["class"][0] for name, column in found.items()}
    assert classes["year"] == "integer" and classes["count"] == "numeric" and classes["open"] == "logical"
    assert classes["day"] == "Date" and classes["moment"] == "POSIXct"


# Parquet


def test_parquet_by_pyarrow(torture: Path, typed: Columns) -> None:
    import pyarrow.parquet as pq

    hold("Parquet", "pyarrow", pq.read_table(torture / "parquet/torture.parquet").to_pydict(), typed)


def test_parquet_by_pandas(torture: Path, typed: Columns) -> None:
    import pandas as pd

    path = torture / "parquet/torture.parquet"
    hold("Parquet", "pandas", of_pandas(pd.read_parquet(path, dtype_backend="numpy_nullable")), typed)
    careless = of_pandas(pd.read_parquet(path))
    # A float with a gap is NaN there, which is what pandas calls missing.
    careless = {
        name: [None if isinstance(one, float) and math.isnan(one) else one for one in values]
        for name, values in careless.items()
    }
    rounded = {"beyond"}
    wrong = {name for name in typed if not all(map(same, careless[name], typed[name]))}
    assert wrong == rounded | LIMITS["Parquet", "pandas"]
    assert "`dtype_backend`" in LOADING.read_text(encoding="utf-8")


def test_parquet_by_polars(torture: Path, typed: Columns) -> None:
    import polars as pl

    frame = pl.read_parquet(torture / "parquet/torture.parquet")
    hold("Parquet", "polars", frame.to_dict(as_series=False), typed)


def test_parquet_by_duckdb(torture: Path, typed: Columns) -> None:
    hold("Parquet", "DuckDB", duck(f"SELECT * FROM '{torture}/parquet/torture.parquet'"), typed)


# JSON


def with_json(columns: Columns) -> Columns:
    """The columns with JSON texts read."""
    facts = [None if one is None else json.loads(one) for one in columns["facts"]]
    return {**columns, "facts": facts}


def test_json_by_python(torture: Path, as_json: Columns) -> None:
    records = json.loads((torture / "json/torture.json").read_text(encoding="utf-8"))
    found = {name: [record[name] for record in records] for name in records[0]}
    hold("JSON", "Python", found, with_json(as_json))


def test_json_by_pandas(torture: Path, as_json: Columns) -> None:
    import pandas as pd

    frame = pd.read_json(
        torture / "json/torture.json", dtype=False, precise_float=True, dtype_backend="numpy_nullable"
    )
    hold("JSON", "pandas", of_pandas(frame), with_json(as_json))


def test_json_by_polars(torture: Path, as_json: Columns) -> None:
    import polars as pl

    frame = pl.read_json(torture / "json/torture.json", infer_schema_length=None)
    hold("JSON", "polars", frame.to_dict(as_series=False), with_json(as_json))


def test_json_by_duckdb(torture: Path, as_json: Columns, typed: Columns) -> None:
    found = duck(f"SELECT * FROM read_json('{torture}/json/torture.json')")
    hold("JSON", "DuckDB", found, with_json(as_json), with_json(typed))


@pytest.mark.program("Rscript")
def test_json_by_r(torture: Path, as_json: Columns, as_texts: Columns, r_columns: RColumns) -> None:
    found = r_columns(
        f"records <- jsonlite::fromJSON('{torture}/json/torture.json', bigint_as_char = TRUE)\n"
        "stopifnot(is.data.frame(records$facts))\nrecords$facts <- 'a frame'\n"
        "tables <- list(torture = records)"
    )["torture"]
    hold("JSON", "jsonlite", of_r(found), as_json, {**as_json, "beyond": as_texts["beyond"]})


# SQLite


def test_sqlite_by_python(torture: Path, as_sql: Columns) -> None:
    with closing(sqlite3.connect(torture / "torture.sqlite")) as connection:
        hold("SQLite", "Python", of_rows(connection.execute("SELECT * FROM torture")), as_sql)


def test_sqlite_by_pandas(torture: Path, as_sql: Columns) -> None:
    import pandas as pd

    with closing(sqlite3.connect(torture / "torture.sqlite")) as connection:
        frame = pd.read_sql("SELECT * FROM torture", connection, dtype_backend="numpy_nullable")
    hold("SQLite", "pandas", of_pandas(frame), as_sql)


def test_sqlite_by_polars(torture: Path, as_sql: Columns) -> None:
    import polars as pl

    with closing(sqlite3.connect(torture / "torture.sqlite")) as connection:
        frame = pl.read_database("SELECT * FROM torture", connection, infer_schema_length=None)
    hold("SQLite", "polars", frame.to_dict(as_series=False), as_sql)


@pytest.mark.program("Rscript")
def test_sqlite_by_r(torture: Path, as_sql: Columns, r_columns: RColumns) -> None:
    found = r_columns(
        f"database <- DBI::dbConnect(RSQLite::SQLite(), '{torture}/torture.sqlite')\n"
        "tables <- list(torture = DBI::dbReadTable(database, 'torture'))\nDBI::dbDisconnect(database)"
    )["torture"]
    hold("SQLite", "RSQLite", of_r(found), as_sql)


# The spreadsheet


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The torture table as a workbook, its longest cell cut to what a spreadsheet can hold."""
    from casetrail.package.package import open_package
    from casetrail.workbook.write import workbook_bytes

    folder = tmp_path_factory.mktemp("workbook")
    package = Path(__file__).parent / "package"
    (folder / "data").mkdir()
    (folder / "datapackage.json").write_bytes((package / "datapackage.json").read_bytes())
    text = (package / "data/torture.csv").read_text(encoding="utf-8")
    (folder / "data/torture.csv").write_text(text.replace("жж.", "ж."), encoding="utf-8")
    (folder / "torture.xlsx").write_bytes(workbook_bytes(open_package(folder)))
    return folder / "torture.xlsx"


def cut(columns: Columns) -> Columns:
    longest, *rest = columns["long"]
    assert len(longest) == 32_768
    return {**columns, "long": [longest[:-2] + ".", *rest]}


def test_the_spreadsheet_by_calamine(workbook: Path, as_texts: Columns) -> None:
    from python_calamine import CalamineWorkbook

    header, *rows = CalamineWorkbook.from_path(workbook).get_sheet_by_name("torture").to_python()
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    found = {name: [one or None for one in values] for name, values in columns.items()}
    hold("Spreadsheet", "calamine", found, cut(as_texts))


def test_the_spreadsheet_by_pandas(workbook: Path, as_texts: Columns) -> None:
    import pandas as pd

    frame = pd.read_excel(
        workbook, "torture", dtype=str, engine="calamine", keep_default_na=False, na_values=[""]
    )
    hold("Spreadsheet", "pandas", of_pandas(frame), cut(as_texts))


def test_the_spreadsheet_refuses_what_it_would_cut(tmp_path: Path) -> None:
    from casetrail.package.package import open_package
    from casetrail.workbook.write import workbook_bytes

    with pytest.raises(casetrail.CasetrailError, match=r"row 2, column long: the cell has 32,768 characters"):
        (tmp_path / "torture.xlsx").write_bytes(
            workbook_bytes(open_package(Path(__file__).parent / "package"))
        )


def test_limits_are_those_of_readers_that_are_tested() -> None:
    tested = re.findall(r'hold\("([^"]+)", "([^"]+)"', Path(__file__).read_text(encoding="utf-8"))
    tested += [(form, "every reader") for form, _ in tested] + [("SQLite", "DuckDB")]
    assert set(LIMITS) <= set(tested)
    assert LIMITS
