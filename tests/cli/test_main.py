"""The command: only what is asked for is loaded, and every end has its exit code and at most one sentence."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli import main as cli
from casetrail.cli.main import COMMANDS, main


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert [name for name in COMMANDS if name not in out] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"casetrail {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_module_of_a_command_is_about_that_command(name: str) -> None:
    module = importlib.import_module(COMMANDS[name][0])
    assert (module.__doc__ or "").startswith(f"`casetrail {name}`: ")
    assert callable(module.register) and callable(module.run)


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"casetrail {version('casetrail')}\n"


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["validate", "--nonsense"], ["validate", "--limit", "-1"]]
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


class Raising:
    """A command that ends with an error."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def register(self, parser: Any) -> None:
        """No arguments."""

    def run(self, args: Any) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (MemoryError(), 2, "not enough memory"),
        (RecursionError(), 2, "nested too deeply"),
        (PermissionError(13, "Permission denied", "data/a.csv"), 2, "data/a.csv: Permission denied"),
        (KeyboardInterrupt(), 130, "stopped"),
        (ValueError("\x1b[31m"), 2, "a mistake in casetrail itself"),
        (type("PanicException", (BaseException,), {})("at\nline"), 2, "stopped inside a library (at)"),
    ],
)
def test_no_error_shows_a_traceback(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cli, "_command", lambda name: Raising(error))
    assert main(["validate"]) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert len(captured.err.splitlines()) == 1
    assert "\x1b" not in captured.err
    assert captured.out == ""


def test_debug_shows_where_an_error_arose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_command", lambda name: Raising(ValueError("deep inside")))
    for arguments in (["--debug", "validate"], ["validate", "--debug"]):
        with pytest.raises(ValueError, match="deep inside"):
            main(arguments)


@pytest.mark.parametrize("reader", ["head -c 1", "true"])
@pytest.mark.parametrize(("code", "cell"), [(0, "protest"), (1, "protset")])
def test_a_reader_that_leaves_early_changes_no_exit_code(
    harbour_case: Path, reader: str, code: int, cell: str
) -> None:
    events = harbour_case / "data" / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace("protest", cell), encoding="utf-8")
    validate = f"{sys.executable} -m casetrail validate --format json {harbour_case}"
    command = f"{validate} | {reader}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.stderr == b""
    assert done.returncode == code


@pytest.mark.parametrize("command", ["validate", "cite", "format --check"])
def test_a_closed_output_is_no_error(harbour_case: Path, command: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m casetrail {command} {harbour_case} >&-"],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


_IDLE = {
    "casetrail.checks.pattern_shapes",
    "frictionless",
    "jinja2",
    "numpy.version",
    "pydantic",
    "pydantic_core",
    "jsonschema",
    "xlsxwriter",
    "python_calamine",
    "yaml",
    "pyarrow.parquet",
    "pyarrow.fs",
    "asyncio",
    "concurrent.futures",
    "email",
    "logging",
    "pickle",
    "pydoc",
    "socket",
    "subprocess",
    "sysconfig",
    "tempfile",
    "urllib.request",
}
"""What no command needs that runs often: each takes as long to import as many a table to read.

Of numpy a part is named, since a library that is asked for in vain is among the imports too.
"""


@pytest.mark.parametrize(
    ("command", "room"),
    [
        ("validate {case}", "casetrail.checks.engine"),
        ("format --check {case}", "casetrail.curate.format"),
        ("show ev-20250403-hearing --package {case}", "casetrail.case.views.claims"),
        ("new event --help", "casetrail.curate.new_kind"),
    ],
)
def test_a_start_loads_no_more_than_it_needs(harbour_case: Path, command: str, room: str) -> None:
    arguments = command.format(case=harbour_case).split()
    script = "import sys; from casetrail.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert loaded & _IDLE == set()
    assert room in loaded
    assert "hashlib" not in loaded or "casetrail.curate.writing" in loaded
    assert not [name for name in loaded if name.startswith(("casetrail.release", "casetrail.site"))]


def test_what_is_put_off_at_the_start_is_there_when_it_is_asked_for() -> None:
    script = "import sys; from casetrail.cli.main import _start_quickly; _start_quickly()"
    script += "; import pyarrow.vendored.docscrape as user; import pydoc"
    script += "; assert user.pydoc.getdoc(len) == pydoc.getdoc(len)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_arrow_converts_objects_of_python_without_the_libraries_that_a_start_leaves_out() -> None:
    script = "import sys; from casetrail.cli.main import _start_quickly; _start_quickly()"
    script += "; import pyarrow as pa; assert pa.array([1, None]).to_pylist() == [1, None]"
    script += (
        "; assert not {'pandas', 'numpy', 'cloudpickle'} & set(sys.modules); import cloudpickle, dateutil"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
