"""What must hold of every committed file: nothing of the machine it was made on, and a plain form."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Written in pieces, so that this file does not hold what it forbids.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "deb" + "ian.org",
    "ubu" + "ntu.com",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "con" + "da.io",
    "ana" + "conda.org",
    "crates" + ".io",
    "proxy.go" + "lang.org",
    "cran.r-" + "project.org",
]
MACHINE_PATHS = [
    "/" + folder + "/" for folder in ("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers", "t" + "mp")
]
FORBIDDEN = re.compile(
    "|".join(map(re.escape, REGISTRIES))
    # A path of the machine starts where no longer path or address goes on.
    + "|(?<![\\w.~:/-])(?:"
    + "|".join(map(re.escape, MACHINE_PATHS))
    + ")\\w"
    + "|[A-Za-z]:\\\\Us"
    + "ers\\\\",
    re.IGNORECASE,
)


def committed() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout; what is committed is not known here")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[str, bytes]:
    """The committed files that `.gitattributes` does not set apart as binary or as wrong on purpose."""
    names = "\0".join(path.relative_to(ROOT).as_posix() for path in committed())
    command = ["git", "check-attr", "-z", "--stdin", "text"]
    told = subprocess.run(command, cwd=ROOT, input=names.encode(), capture_output=True, check=True).stdout
    fields = told.decode().split("\0")
    return {
        name: (ROOT / name).read_bytes()
        for name, value in zip(fields[0::3], fields[2::3], strict=False)
        if value != "unset"
    }


def test_there_are_committed_files_to_look_at() -> None:
    assert {"pyproject.toml", "requirements.lock", "tests/test_repository.py"} <= set(texts())


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    named = {
        f"{name}: {found[0]}"
        for name, data in texts().items()
        for found in FORBIDDEN.finditer(data.decode(errors="replace"))
    }
    assert sorted(named) == []


def test_text_files_are_utf8_with_line_feeds_and_a_final_one() -> None:
    wrong = []
    for name, data in texts().items():
        try:
            data.decode()
        except UnicodeDecodeError:
            wrong.append(f"{name}: not UTF-8")
        if data.startswith(b"\xef\xbb\xbf"):
            wrong.append(f"{name}: a byte order mark")
        if b"\r" in data:
            wrong.append(f"{name}: a carriage return")
        if data and not data.endswith(b"\n"):
            wrong.append(f"{name}: no final line feed")
    assert wrong == []


def test_nothing_private_or_made_is_committed() -> None:
    made = re.compile(r"(^|/)(__pycache__|\.venv|dist|build|node_modules|\.hypothesis)/|\.pyc$|\.egg-info/")
    assert [name for name in texts() if made.search(name)] == []


def test_the_lock_pins_every_package_with_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.strip())
    assert len(entries) > 20
    loose = [
        entry.splitlines()[0]
        for entry in entries
        if not re.match(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[^\s;]+", entry)
        or not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry)
    ]
    assert loose == []


def test_what_is_declared_is_in_the_lock() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", entry)[0]).lower() for entry in declared}  # type: ignore[index]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {name.lower() for name in re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==", lock, re.M)}
    assert names - locked == set()


@pytest.mark.parametrize(
    "text",
    [
        "see https://" + REGISTRIES[0] + "/simple",
        "open " + MACHINE_PATHS[0] + "main/x",
        "'" + MACHINE_PATHS[4] + "x'",
    ],
)
def test_the_forbidden_is_found(text: str) -> None:
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize(
    "text", ["https://example.org/wo" + "rk/1", "data/ho" + "me/x", "group/wo" + "rk/x", "a / b"]
)
def test_what_only_resembles_it_is_not(text: str) -> None:
    assert not FORBIDDEN.search(text)
