"""What the release tests share: packages fit for a release, and releases built once, to be spoilt."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.cli.main import main
from casetrail.curate.refresh_schemas import write_schemas
from casetrail.package.package import open_package

ROOT = Path(__file__).parent.parent.parent
TIDES = Path(__file__).parent / "packages" / "tides"
CHANGELOG = (
    "# Changelog\n\n## harbour-tool 9.9.9 (2030-01-01)\n\n## harbour-case 1.0.0 (2025-06-01)\n\nThe first.\n"
)


def lay_out(folder: Path) -> Path:
    """A small Case Data Package, all names invented, with the texts that go into its release."""
    shutil.copytree(ROOT / "tests" / "mistakes" / "_case", folder)
    write_schemas(open_package(folder))
    (folder / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    (folder / "LICENSE-DATA").write_text("Do as you like.\n", encoding="utf-8")
    (folder / "data" / "README.md").write_text("# The method\n\nAll invented.\n", encoding="utf-8")
    return folder


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that can be released, to be changed at will."""
    return lay_out(tmp_path / "package")


@pytest.fixture
def three_rows(tmp_path: Path) -> Path:
    """A package of one table with three rows."""
    return lay_out_three_rows(tmp_path / "buoys")


def lay_out_three_rows(folder: Path) -> Path:
    """The smallest package that is worth a release."""
    folder.mkdir()
    (folder / "buoys.csv").write_text("buoy_id,colour\nb-1,red\nb-2,\nb-3,green\n", encoding="utf-8")
    (folder / "datapackage.json").write_text(
        """{
  "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
  "name": "buoys", "title": "Buoys", "version": "1.0.0", "created": "2024-05-01T00:00:00Z",
  "contributors": [{"title": "Buoy Office", "roles": ["creator", "publisher"]}],
  "resources": [{"name": "buoys", "type": "table", "path": "buoys.csv", "dialect": {"delimiter": ","},
    "schema": {"fields": [{"name": "buoy_id", "type": "string"}, {"name": "colour", "type": "string"}],
      "primaryKey": ["buoy_id"]}}]
}
""",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the smallest case, and its zip beside it; not to be touched."""
    folder = tmp_path_factory.mktemp("built")
    assert main(["release", str(lay_out(folder / "package")), "--output", str(folder / "dist")]) == 0
    return folder / "dist" / "harbour-case-1.0.0"


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """A copy of the release with its zip beside it, to be spoilt."""
    target = tmp_path / "copy" / built.name
    shutil.copytree(built, target)
    shutil.copy(built.with_name(f"{built.name}.zip"), target.with_name(f"{built.name}.zip"))
    return target


Release = Callable[..., int]


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """Run `casetrail release` on a package, by default into `dist` beside it; its exit code."""

    def run(package: Path, *arguments: str, output: Path | None = None) -> int:
        return main(["release", str(package), "--output", str(output or tmp_path / "dist"), *arguments])

    return run
