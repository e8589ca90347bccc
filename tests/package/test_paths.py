"""Safe paths (standard: glossary, "URL or Path")."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.package.files import FolderFiles
from casetrail.package.paths import is_url, path_problem

UNSAFE = [
    "",
    "/etc/passwd",
    "//host/share",
    "../x.csv",
    "data/../../x.csv",
    "data/..",
    "~/x.csv",
    "~root/x.csv",
    "data\\x.csv",
    "..\\x.csv",
    "C:/x.csv",
    "c:x.csv",
    "file:///etc/passwd",
    "FILE:x",
    "sftp://host/x.csv",
    "data:text/csv,a",
    ".hidden/x.csv",
    "data/.git/config",
    "data/",
    ".",
    "data/x\0.csv",
    "data/x\n.csv",
    "data/%2e%2e/x.csv",
    "%2fetc/passwd",
    "%252e%252e/x.csv",
    "data%5c..%5cx.csv",
    "data/%00",
    "x" * 5000,
]


@pytest.mark.parametrize("path", UNSAFE)
def test_what_could_lead_out_is_refused_with_its_reason(path: str) -> None:
    problem = path_problem(path)
    assert problem is not None
    assert problem.code == "path-unsafe"
    assert problem.reason


@pytest.mark.parametrize(
    "path", ["x.csv", "data/x.csv", "./data/x.csv", "a b/é.csv", "data/100%.csv", "a..b.csv"]
)
def test_what_stays_beside_the_descriptor_is_followed(path: str) -> None:
    assert path_problem(path) is None


@pytest.mark.parametrize(
    "path", ["http://example.org/x.csv", "HTTPS://example.org/x.csv", "ftp://example.org/x", "s3://bucket/x"]
)
def test_a_url_is_fetched_only_when_asked_to(path: str) -> None:
    assert is_url(path)
    problem = path_problem(path)
    assert problem is not None
    assert problem.code == "path-remote"
    assert path_problem(path, allow_remote=True) is None


def test_files_are_looked_up_in_the_folder_only(tmp_path: Path) -> None:
    root = tmp_path / "package"
    (root / "data").mkdir(parents=True)
    (root / "data" / "events.csv").write_text("a\n")
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\n")
    (root / "within.csv").symlink_to(root / "data" / "events.csv")
    (root / "leaves.csv").symlink_to(outside)
    (root / "up").symlink_to(tmp_path)
    (root / "circle").symlink_to(root / "circle")
    os.mkfifo(root / "pipe.csv")
    files = FolderFiles(root)

    def code(path: str) -> str | None:
        problem = files.problem(path)
        return None if problem is None else problem.code

    assert code("data/events.csv") is None
    assert code("within.csv") is None
    assert code("leaves.csv") == "path-unsafe"
    assert code("up/outside.csv") == "path-unsafe"
    assert code("circle") == "path-unreadable"
    assert code("pipe.csv") == "path-not-a-file"
    assert code("data") == "path-not-a-file"
    assert code("data/events.csv/x") == "path-missing"
    missing = files.problem("data/event.csv")
    assert missing is not None
    assert (missing.code, missing.hint) == ("path-missing", "did you mean 'events.csv'?")
    with files.open("data/events.csv") as file:
        assert file.read() == b"a\n"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["..", "/", "\\", "%2e", "%2f", "%5c", "%25", "a", ".", "~", "C:", "data", "\0", "file:"]
        ),
        max_size=8,
    ).map("".join)
)
def test_no_accepted_path_leaves_the_folder_however_it_is_decoded(path: str) -> None:
    from urllib.parse import unquote

    if path_problem(path) is not None:
        return
    for _ in range(4):
        landed = os.path.normpath(os.path.join("/package", path.replace("\\", "/")))  # noqa: PTH118
        assert landed.startswith("/package/")
        path = unquote(path)
