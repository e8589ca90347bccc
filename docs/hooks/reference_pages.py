"""Makes the pages of findings and commands from what the program says itself, and sets the address of the site."""

from __future__ import annotations

import contextlib
import io
import os
import tomllib
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from casetrail.cli.main import COMMANDS, main
from casetrail.findings.catalogue import CatalogueEntry, catalogue

ROOT = Path(__file__).parent.parent.parent

CHECKS = {
    "package": "The descriptor and the schemas",
    "reading": "The form of the files",
    "types-and-constraints": "Types and constraints",
    "primary-key": "Primary keys",
    "unique-keys": "Unique keys",
    "foreign-keys": "References",
    "bytes-and-hash": "Sizes and hashes",
    "row-rules": "Rules of a row",
    "hygiene": "Formulas, hidden characters, personal data",
    "": "The profile and its evidence",
    "workbook merge": "Workbooks that come back",
    "merge": "Merges of two branches",
    "diff": "Versions and retired ids",
    "format": "Canonical form",
}
"""How the groups of codes are called; a check without a title of its own is one of a Case Data Package."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The address of the documentation is in `pyproject.toml`, and there alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    config.site_url = project.get("urls", {}).get("Documentation", "")
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the two pages, and the JSON Schema of a report."""
    schema = ROOT / "src" / "casetrail" / "findings" / "report.schema.json"
    for path, text in {
        "findings.md": _findings(),
        "reference/commands.md": _commands(),
        "reference/report.schema.json": schema.read_text(encoding="utf-8"),
        "reference/changelog.md": _changelog(),
    }.items():
        files.append(File.generated(config, path, content=text))
    return files


def _findings() -> str:
    groups: dict[str, list[CatalogueEntry]] = {}
    for entry in catalogue().values():
        groups.setdefault(CHECKS.get(entry.check, CHECKS[""]), []).append(entry)
    parts = [
        "# Findings",
        "Every finding has a code, shown in brackets. Each code is explained here: what it means, how to mend it, the "
        "smallest example that has it, and what is said of that example. `casetrail explain CODE` prints the same. The "
        "first groups are found by `casetrail validate`, the last by `workbook merge`, `merge`, `diff` and `format`. A "
        "rule that a package states itself has its name as code and is explained in its schema.",
    ]
    for title in (title for title in CHECKS.values() if title in groups):
        parts.append(f"## {title}")
        for entry in groups[title]:
            parts += [f"### `{entry.code}` {{ #{entry.code} }}", entry.meaning]
            if entry.severity != "error":
                parts.append(f"It is a {entry.severity}.")
            parts.append(f"**To mend it:** {entry.mend}")
            if entry.example:
                parts += [f'```text title="For example"\n{entry.example}\n```']
                parts += [f'```text title="Then it says"\n{entry.said}\n```']
    return "\n\n".join(parts) + "\n"


def _commands() -> str:
    parts = [
        "# Commands",
        "Every command takes the package first, by default `datapackage.json` in the current folder; where another "
        "thing is read, the package is `--package`. What is written is named by `--output`. The exit code is 0 when "
        "all is well, 1 when something in the content is wrong, 2 when the command could not run. No command writes "
        "over a file of a package, or one that a person made or changed, without `--force`.",
        f"```text\n{_help()}\n```",
        "## Completion in the shell",
        "`casetrail --print-completion` prints what the shell needs to complete commands, options and terms. Where "
        "it goes:",
        "```sh\n"
        "casetrail --print-completion bash > ~/.local/share/bash-completion/completions/casetrail\n"
        "casetrail --print-completion zsh > ~/.zfunc/_casetrail  # and fpath+=~/.zfunc before compinit in ~/.zshrc\n"
        "casetrail --print-completion fish > ~/.config/fish/completions/casetrail.fish\n"
        "```",
    ]
    for name in COMMANDS:
        parts += [f"## `casetrail {name}` {{ #{name} }}", f"```text\n{_help(name)}\n```"]
    return "\n\n".join(parts) + "\n"


def _help(*command: str) -> str:
    os.environ["COLUMNS"] = "82"
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        main([*command, "--help"])
    return output.getvalue().strip()


def _changelog() -> str:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return text.replace("`docs/", "`")
