"""Outputs: what a command writes is written whole, and never over what a person may miss.

A file is written over only where it is one that casetrail wrote and nobody changed since, and belongs to no
package. To know its own, casetrail notes the SHA-256 of each output, without its name or place, in
`casetrail/written` below the folder for the state of programs (`XDG_STATE_HOME`, `~/.local/state`; on Windows
`LOCALAPPDATA`). Where that is lost, an output is written over with `--force` only.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from casetrail.findings.error import CasetrailError
from casetrail.package.members import package_with
from casetrail.package.paths import unfit_names

_SEAL = "casetrail writes this file anew; SHA-256 of the text above: {}"
MARKDOWN, YAML = ("<!-- ", " -->"), ("# ", "")
"""How a comment begins and ends."""
MAX_NOTED = 10_000
"""How many of the latest outputs are known again."""


@contextmanager
def output_file(
    target: Path, *, force: bool = False, ours: Callable[[Path], bool] | None = None
) -> Iterator[Path]:
    """A file to be written beside the target; it takes the place of the target once it is complete.

    A link at the target is replaced, not followed. A device or pipe (`/dev/stdout`) is written to as it is.

    Raises:
        CasetrailError: The file cannot be written, or must not be (`refuse_overwriting`).
    """
    if target.is_dir():
        raise CasetrailError(f"'{target}' is a folder; give the name of a file in it")
    if target.exists() and (not target.is_file() or target.absolute().is_relative_to("/dev")):
        yield target
        return
    refuse_overwriting(target, force=force, ours=ours)
    prefix = f".{target.name[:100]}."
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=prefix) as folder:
            file = Path(folder) / target.name
            yield file
            digest = _digest(file)
            file.replace(target)
    except OSError as error:
        if error.filename is not None and prefix not in str(error.filename):
            raise
        reason = (error.strerror or str(error)).lower()
        raise CasetrailError(f"'{target}' cannot be written ({reason}); give another place") from None
    _note(digest)


def note_output(path: Path) -> None:
    """Note a file that a command wrote by other means, so that it is known again."""
    _note(_digest(path))


def refuse_overwriting(target: Path, *, force: bool, ours: Callable[[Path], bool] | None = None) -> None:
    """Raise `CasetrailError` where a person may miss what is at the target; with `force` nothing is missed.

    `ours` says whether casetrail wrote what is there, and nobody changed it since (`was_written`).
    """
    if force or not os.path.lexists(target):
        return
    package = package_with(target)
    if package is not None:
        raise CasetrailError(
            f"'{target}' is part of the package '{package}' and is not written over; give another name, "
            "or --force"
        )
    if not (ours or was_written)(target):
        raise CasetrailError(
            f"'{target}' is there already, and casetrail did not write it, or it was changed since; give "
            "another name, or --force to write over it"
        )


def refuse_unfit_names(names: Iterable[str]) -> None:
    """Raise `CasetrailError` (exit code 1) where a resource cannot give its name to a file."""
    for name, reason in unfit_names(names).items():
        raise CasetrailError(
            f"datapackage.json: the resource '{name}' cannot give its name to a file: {reason}; use "
            "lower-case letters, digits, '.', '-' and '_'",
            exit_code=1,
        )


def was_written(path: Path) -> bool:
    """Whether the file is an output of casetrail that nobody changed."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return False
    try:
        return _digest(path) in _record().read_text(encoding="ascii").split()
    except (OSError, RuntimeError, UnicodeDecodeError):
        return False


def sealed(text: str, comment: tuple[str, str] = MARKDOWN) -> str:
    """A text with a last line by which it is known again on other machines, in a fresh clone say."""
    start, end = comment
    return f"{text}\n{start}{_SEAL.format(hashlib.sha256(text.encode()).hexdigest())}{end}\n"


def is_sealed(path: Path) -> bool:
    """Whether the file is a sealed text that nobody changed since, or an output of this machine."""
    if was_written(path):
        return True
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return any(text == sealed(text.rpartition(f"\n{form[0]}")[0], form) for form in (MARKDOWN, YAML))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def state_folder() -> Path:
    """Where this program keeps what it must know again."""
    folder = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME")
    return (Path(folder) if folder else Path.home() / ".local" / "state") / "casetrail"


def _record() -> Path:
    return state_folder() / "written"


def _note(digest: str) -> None:
    """Note an output; where that cannot be done, the next command will ask for `--force`."""
    with contextlib.suppress(OSError, RuntimeError):
        record = _record()
        record.parent.mkdir(parents=True, exist_ok=True)
        with record.open("a", encoding="ascii") as file:
            file.write(f"{digest}\n")
        if record.stat().st_size > 2 * 65 * MAX_NOTED:
            latest = record.read_text(encoding="ascii").split()[-MAX_NOTED:]
            record.write_text("".join(f"{line}\n" for line in latest), encoding="ascii")
