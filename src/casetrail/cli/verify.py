"""`casetrail verify`: check that a copy of a release is complete and unchanged."""

from __future__ import annotations

import argparse
from pathlib import Path

DESCRIPTION = """\
Check a copy of a release, the folder or the zip as it is: every byte against SHA256SUMS, nothing missing
and nothing too many; then that descriptor, schemas and tables agree, and that the tables are valid. Every
file that differs is named. Exit code 0 means that this is the publication, 1 that it is not, 2 that there is
no copy to look at."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.add_argument("copy", type=Path, metavar="DIR|ZIP", help="the folder or the zip of a release")
    parser.add_argument(
        "--allowed-signers",
        type=Path,
        metavar="FILE",
        help="who may have signed, as ssh-keygen's allowed signers; a release without a signature then fails",
    )


def run(args: argparse.Namespace) -> int:
    """Verify, name each difference, and say what is known; 1 where the copy is not the release."""
    from casetrail.findings.sentences import counted
    from casetrail.findings.visible import in_log, visible
    from casetrail.release.verify import verify

    verdict = verify(args.copy, args.allowed_signers)
    for problem in verdict.problems:
        # A file may be called as a command to a build service (`::…`), which is one at the start of a line.
        print(in_log(visible(f"- {problem}", 1000)))
    if not verdict.good:
        number = len(verdict.problems)
        print(f"{verdict.path}: NOT the release that it says it is: {number} difference{'s'[: number > 1]}")
        return 1
    print(f"{verdict.path}: whole, unchanged and valid ({counted(verdict.files, 'file')})")
    print(f"  content {verdict.content_hash}")
    for note in verdict.notes:
        print(f"  {visible(note, 1000)}")
    return 0
