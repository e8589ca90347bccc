"""Every command, and every line of Python, SQL and R on the pages of the documentation does what it shows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from document_blocks import Block, blocks, run_commands, run_python, run_r, run_sql

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    path
    for path in DOCS.rglob("*.md")
    # Notebooks are run when the site is built, the second case has a test of its own.
    if path.parent.name != "notebooks" and path.name not in ("second-case.md", "spreadsheet.md")
)
FOR_A_RELEASE = ("how-to/load.md", "how-to/extend-the-profile.md")
NAMES = [path.relative_to(DOCS).as_posix() for path in PAGES]


@pytest.fixture
def folder(release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a release, with its zip in it."""
    target = tmp_path / release.name
    shutil.copytree(release, target)
    shutil.copy(release.with_name(f"{release.name}.zip"), target)
    monkeypatch.chdir(target)
    return target


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a checkout has of the dataset and of the second case."""
    target = tmp_path / "checkout"
    for name in ("data", "schemas", "examples"):
        shutil.copytree(ROOT / name, target / name)
    for name in ("datapackage.json", "CHANGELOG.md", "LICENSE-DATA", "CITATION.cff"):
        shutil.copy(ROOT / name, target)
    monkeypatch.chdir(target)
    return target


@pytest.mark.parametrize("name", [name for name in NAMES if name not in FOR_A_RELEASE])
def test_a_page_can_be_followed(name: str, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for block in blocks(DOCS / name):
        if block.language == "sh":
            run_commands(block, monkeypatch)
        elif block.language == "python":
            run_python(block)
        elif block.language == "json":
            json.loads(block.text)
        else:
            assert block.language in ("text", "yaml", ""), block


LOADING = [block for name in FOR_A_RELEASE for block in blocks(DOCS / name)]


def of(language: str) -> list[pytest.param]:  # type: ignore[valid-type]
    return [pytest.param(block, id=f"line {block.line}") for block in LOADING if block.language == language]


@pytest.mark.parametrize("block", of("python"))
def test_loading_in_python(block: Block, folder: Path) -> None:
    run_python(block)


@pytest.mark.parametrize("block", of("sql"))
def test_loading_in_sql(block: Block, folder: Path) -> None:
    run_sql(block)


@pytest.mark.program("Rscript")
@pytest.mark.parametrize("block", of("r"))
def test_loading_in_r(block: Block, folder: Path) -> None:
    run_r(block)


def test_the_lawyer_gets_a_row_through(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tutorial with the spreadsheet; between its commands a row with its evidence is typed in."""
    written, *others = [
        block for block in blocks(DOCS / "tutorial" / "spreadsheet.md") if block.language == "sh"
    ]
    run_commands(written, monkeypatch)
    type_in(
        Path("case.xlsx"),
        "events",
        event_id="ev-20260205-hearing",
        kind="hearing",
        title="A sitting",
        date="2026-02-05",
        place_id="pl-taldykorgan",
        status="scheduled",
    )
    source = (checkout / "data" / "evidence.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[5]
    for number, field in enumerate(("", "date", "place_id")):
        type_in(
            Path("case.xlsx"),
            "evidence",
            evidence_id=f"ec-lawyer-{number}",
            table="events",
            row_id="ev-20260205-hearing",
            field=field,
            source_id=source,
            locator="paragraph 3",
            certainty="stated",
        )
    for block in others:
        for line in block.text.splitlines():
            asks = line.endswith("--check")
            single = Block("sh", line, block.intro, block.line)
            if asks:
                with pytest.raises(AssertionError):
                    run_commands(single, monkeypatch)
            else:
                run_commands(single, monkeypatch)
    assert "ev-20260205-hearing" in (checkout / "data" / "events.csv").read_text(encoding="utf-8")


def type_in(workbook: Path, sheet: str, **cells: str) -> None:
    """Type a row below the last one of a sheet, as a spreadsheet program stores it."""
    import zipfile
    from xml.sax.saxutils import escape

    with zipfile.ZipFile(workbook) as archive:
        files = {item.filename: archive.read(item) for item in archive.infolist()}
    book = files["xl/workbook.xml"].decode()
    numbers = re.findall(r'<sheet name="([^"]+)"', book)
    path = f"xl/worksheets/sheet{numbers.index(sheet) + 1}.xml"
    text = files[path].decode()
    shared = re.findall(r"<si>(.*?)</si>", files["xl/sharedStrings.xml"].decode(), re.S)
    first = re.search(r'<row r="1".*?</row>', text, re.S)
    assert first is not None
    letters = {}
    for letter, index in re.findall(r'<c r="([A-Z]+)1"[^>]*t="s"[^>]*><v>(\d+)</v>', first[0]):
        letters[re.sub(r"<[^>]+>", "", shared[int(index)])] = letter
    last = max(int(number) for number in re.findall(r'<row r="(\d+)"', text)) + 1
    inline = "".join(
        f'<c r="{letters[name]}{last}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        for name, value in sorted(cells.items(), key=lambda item: (len(letters[item[0]]), letters[item[0]]))
        if value
    )
    files[path] = text.replace("</sheetData>", f'<row r="{last}">{inline}</row></sheetData>').encode()
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def test_every_page_is_in_the_table_of_contents() -> None:
    listed = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for path in DOCS.rglob("*.md"):
        assert path.relative_to(DOCS).as_posix() in listed


def test_every_page_in_the_table_of_contents_is_written_or_made() -> None:
    hooks = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "hooks").glob("*.py"))
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    pages = re.findall(r"([\w/.-]+\.md)$", nav, re.M)
    assert len(pages) == len(set(pages)) > 20
    for page in pages:
        made = f'"{page}"' in hooks or page.startswith("profile/")
        assert (DOCS / page).exists() or made, page


def test_a_warning_fails_the_build_of_the_site() -> None:
    done = subprocess.run(["make", "-n", "docs"], cwd=ROOT, capture_output=True, text=True, check=True)
    (command,) = [line for line in done.stdout.splitlines() if "mkdocs build" in line]
    # `--quiet` raises the level of what is logged, so that no warning is counted.
    assert "--strict" in command and not re.search(r" -q| --quiet", command)


def test_what_the_program_needs_is_in_the_lock_of_the_site() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[><=~ ]", entry)[0].lower() for entry in project["dependencies"]}
    lock = (DOCS / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert names <= set(re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==", lock, re.M))
