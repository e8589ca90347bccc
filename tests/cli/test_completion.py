"""`casetrail --print-completion`: what the shells themselves make of it."""

from __future__ import annotations

import os
import select
import subprocess
import time
from pathlib import Path

import pytest

from casetrail.cli.main import COMMANDS, main


@pytest.fixture
def script(tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Path:
    """The completion of the shell that the test is for."""
    shell = request.param
    with pytest.raises(SystemExit) as end:
        main(["--print-completion", shell])
    assert end.value.code == 0
    path = tmp_path / "casetrail.script"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


def run(shell: list[str], code: str, folder: Path) -> list[str]:
    done = subprocess.run([*shell, code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("script", ["bash"], indirect=True)
def test_bash_completes_commands_options_terms_and_files(script: Path, tmp_path: Path) -> None:
    (tmp_path / "harbour").mkdir()

    def complete(*words: str) -> list[str]:
        typed = " ".join(f"'{word}'" for word in ("casetrail", *words))
        code = f"source {script}; COMP_WORDS=({typed}); COMP_CWORD={len(words)}; _shtab_casetrail; "
        return run(["bash", "-c"], code + 'printf "%s\\n" "${COMPREPLY[@]}"', tmp_path)

    assert {word for word in complete("") if not word.startswith("-")} >= set(COMMANDS)
    assert complete("val") == ["validate"]
    assert complete("validate", "--li") == ["--limit"]
    assert complete("validate", "--format", "s") == ["sarif"]
    assert complete("validate", "harb") == ["harbour"]


@pytest.mark.program("fish")
@pytest.mark.parametrize("script", ["fish"], indirect=True)
def test_fish_completes_commands_and_options(script: Path, tmp_path: Path) -> None:
    def complete(typed: str) -> list[str]:
        return run(
            ["fish", "--no-config", "-c"], f"source {script}; complete --do-complete '{typed}'", tmp_path
        )

    assert "validate" in complete("casetrail val")
    assert "--limit" in complete("casetrail validate --li")


@pytest.mark.program("zsh")
@pytest.mark.parametrize("script", ["zsh"], indirect=True)
def test_zsh_completes_what_is_typed(script: Path, tmp_path: Path) -> None:
    functions = tmp_path / "functions"
    functions.mkdir()
    (functions / "_casetrail").write_bytes(script.read_bytes())
    pty = pytest.importorskip("pty")
    terminal, end = pty.openpty()
    environment = {
        "PATH": os.environ["PATH"],
        "TERM": "dumb",
        "HOME": str(tmp_path),
        "ZDOTDIR": str(tmp_path),
    }
    shell = subprocess.Popen(
        ["zsh", "-f", "-i"], stdin=end, stdout=end, stderr=end, env=environment, cwd=tmp_path
    )
    os.close(end)
    try:
        # Divided by quotation marks, so that the echo of the line is not taken for its outcome.
        prepare = f"fpath=({functions} $fpath); autoload -U compinit && compinit -u -D; print re''ady"
        os.write(terminal, f"{prepare}\n".encode())
        read_until(terminal, "\nready")
        os.write(terminal, b"casetrail vali\t--li\t")
        assert "--limit" in read_until(terminal, "--limit")
    finally:
        shell.kill()
        shell.wait()
        os.close(terminal)


def read_until(terminal: int, words: str) -> str:
    """What a terminal shows until these words come, without carriage returns; fails after 20 seconds."""
    shown, until = "", time.monotonic() + 20
    while words not in shown:
        ready, _, _ = select.select([terminal], [], [], max(0.0, until - time.monotonic()))
        assert ready, f"the shell shows {shown!r}"
        shown += os.read(terminal, 4096).decode(errors="replace").replace("\r", "")
    return shown
