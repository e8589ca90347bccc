"""CHANGELOG.md: the headings that say which version of the dataset, and of the program, is of which day."""

from __future__ import annotations

import re
from datetime import date

from casetrail.findings.error import CasetrailError
from casetrail.package.files import PackageFiles

NAME = "CHANGELOG.md"
_HEADING = re.compile(r"##[ \t]+(?P<name>\S+)[ \t]+(?P<version>\S+)[ \t]+\((?P<day>[^)]*)\)[ \t]*")


def changes_of(name: str, text: str) -> str:
    """What the change log says of the dataset; of the program, or of another dataset, a release says nothing.

    A change log whose headings name no dataset is taken whole.
    """
    title, *sections = re.split(r"(?m)^(?=## )", text)
    ours = []
    for section in sections:
        heading = _HEADING.fullmatch(section.splitlines()[0])
        if heading is not None and heading["name"] == name:
            ours.append(section)
    if not ours:
        return text
    return (title.splitlines()[0] + "\n\n" if title.startswith("# ") else "") + "".join(ours).rstrip() + "\n"


def check_changelog(files: PackageFiles, name: str, version: str, day: date) -> None:
    """The newest heading of the dataset, `## atajurt-case 1.0.0 (2026-11-30)`, must be of this version and
    day.

    Headings of something else, such as the program, are passed over.

    Raises:
        CasetrailError: There is no such heading, or it is of another version or day.
    """
    problem = files.problem(NAME)
    if problem is not None:
        raise CasetrailError(f"{NAME} cannot be read: {problem.reason}", exit_code=1)
    with files.open(NAME) as file:
        data = file.read()
    try:
        lines = data.decode().splitlines()
    except UnicodeDecodeError:
        raise CasetrailError(f"{NAME} cannot be read: it is not UTF-8", exit_code=1) from None
    wanted = f"## {name} {version} ({day.isoformat()})"
    for number, line in enumerate(lines, start=1):
        heading = _HEADING.fullmatch(line)
        if heading is None or heading["name"] != name:
            continue
        if heading["version"] != version or heading["day"] != day.isoformat():
            raise CasetrailError(
                f"{NAME}, line {number}: the newest heading of the dataset is '{line.strip()}', but "
                f"datapackage.json has version {version}, created {day.isoformat()}; write '{wanted}' above "
                "it with what changed, or mend 'version' and 'created'",
                exit_code=1,
            )
        return
    raise CasetrailError(
        f"{NAME} has no heading of the dataset; write '{wanted}' and what changed", exit_code=1
    )
