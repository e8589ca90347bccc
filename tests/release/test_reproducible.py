"""Two builds of one package are the same bytes, whatever differs around them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from casetrail.cli.main import main

NOBODY = 65534


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def build(package: Path, output: Path, *, umask: int = 0o022, **environment: str) -> dict[str, bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "casetrail", "release", ".", "--output", str(output)],
        cwd=package,
        env={**os.environ, **environment},
        umask=umask,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return contents(output)


def moved(package: Path, target: Path) -> Path:
    """The package elsewhere, its files written in the opposite order, with other times and rights."""
    for number, path in enumerate(sorted(package.rglob("*"), reverse=True)):
        if path.is_file():
            copy = target / path.relative_to(package)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            os.utime(copy, (86_400 * number, 86_400 * number))
            copy.chmod(0o640)
    return target


def test_nothing_around_the_package_matters(package: Path, tmp_path: Path) -> None:
    first = build(package, tmp_path / "one", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    elsewhere = moved(package, tmp_path / "a folder with blanks" / "тест" / "package")
    second = build(
        elsewhere,
        tmp_path / "deep" / "er" / "two",
        umask=0o077,
        PYTHONHASHSEED="4242",
        TZ="Pacific/Kiritimati",
        LC_ALL="tr_TR.UTF-8",
        LANG="tr_TR.UTF-8",
        HOME=str(tmp_path),
        USER="somebody",
        COLUMNS="40",
        PYTHONUTF8="0",
        SOURCE_DATE_EPOCH="1",
    )
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert any(name.endswith(".zip") for name in first) and any(name.endswith(".parquet") for name in first)


@pytest.mark.program("faketime")
def test_nor_does_the_clock(package: Path, tmp_path: Path) -> None:
    first = build(package, tmp_path / "one")
    command = ["faketime", "1999-12-31 23:59:58", sys.executable, "-m", "casetrail", "release", str(package)]
    done = subprocess.run([*command, "--output", str(tmp_path / "two")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "two") == first


@pytest.mark.skipif(
    getattr(os, "geteuid", int)() != 0 or os.name == "nt", reason="only root can become somebody else"
)
def test_nor_does_the_user(package: Path, tmp_path: Path) -> None:
    first = build(package, tmp_path / "one")
    assert main(["release", str(package), "--output", str(tmp_path / "warm")]) == 0
    theirs = tmp_path / "two"
    theirs.mkdir()
    os.chown(theirs, NOBODY, NOBODY)
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_mode & 0o005 != 0o005:  # pytest makes its folders for their owner alone
            path.chmod(0o755)
    child = os.fork()
    if child == 0:  # Everything is imported by now: somebody else may not read where it lies.
        code = 99
        try:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            code = main(["release", str(package), "--output", str(theirs), "--debug"])
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert contents(theirs) == first


def test_nor_does_the_order_of_the_rows_or_the_form_of_the_files(package: Path, tmp_path: Path) -> None:
    first = build(package, tmp_path / "one")
    path = package / "data" / "parties.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    quoted = [",".join(f'"{cell}"' for cell in row.split(",")) for row in reversed(rows)]
    path.write_text("\n".join([header, *quoted]) + "\n", encoding="utf-8")
    assert build(package, tmp_path / "two") == first


def test_no_file_tells_where_or_by_whom_it_was_built(built: Path) -> None:
    import getpass
    import socket

    private = [str(built.parent.parent), str(Path(sys.prefix))]
    # A short name may well be a part of some word.
    private += [name for name in (socket.gethostname(), getpass.getuser()) if len(name) > 4]
    for name, data in contents(built).items():
        for text in private:
            assert text.encode() not in data, name
