"""The list of files: formats for people end where people do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from casetrail.cli.main import main
from casetrail.describe.citation import citation
from casetrail.package.package import open_package
from casetrail.release.contents import ARTEFACTS, MAX_ROWS_FOR_READERS, make_all, plan
from casetrail.release.seal import Seal
from casetrail.release.staged import Staged


def staged(folder: Path, target: Path, rows: int) -> Staged:
    """A release whose tables are staged, and which is told that its table has so many rows."""
    assert main(["release", str(folder), "--output", str(target.with_name("first"))]) == 0
    (target / "data").mkdir(parents=True)
    for path in ("datapackage.json", "data/buoys.csv"):
        shutil.copy(target.with_name("first") / "buoys-1.0.0" / path, target / path)
    package = open_package(target)
    made = Staged(package, citation(package.descriptor), folder, {"buoys": rows}, Seal(target))
    plan(made)
    return made


def test_spreadsheet_and_page_end_at_a_hundred_thousand_rows(three_rows: Path, tmp_path: Path) -> None:
    people = {one.path.replace("{name}", "buoys") for one in ARTEFACTS if one.human_readable}
    assert people == {"buoys.xlsx", "index.html", "index.{language}.html"}
    people.remove("index.{language}.html")  # The package has no language beside English.
    most = staged(three_rows, tmp_path / "most", MAX_ROWS_FOR_READERS)
    make_all(most)
    assert not people & set(most.missing)
    assert people <= {one.path for one in most.seal.files}
    more = staged(three_rows, tmp_path / "more", MAX_ROWS_FOR_READERS + 1)
    make_all(more)
    assert people <= set(more.missing)
    assert more.missing["index.html"] == (
        "formats for people are made up to 100,000 rows a table, and 'buoys' has 100,001"
    )
    # What is not there is named nowhere.
    assert not people & {one.path for one in more.dataset.files}
    assert "index.html" not in (tmp_path / "more" / "README.md").read_text(encoding="utf-8")


def test_every_file_of_the_list_is_said_to_be_something() -> None:
    paths = [one.path for one in ARTEFACTS]
    assert len(paths) == len(set(paths))
    for one in ARTEFACTS:
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", one.mediatype), one.path
        assert one.about and not one.about.endswith("."), one.path


def test_the_crate_comes_last(three_rows: Path, tmp_path: Path) -> None:
    made = staged(three_rows, tmp_path / "release", 3)
    make_all(made)
    assert made.seal.files[-1].path == "ro-crate-metadata.json"
