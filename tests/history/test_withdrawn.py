"""Somebody who was named and is withheld now is named by no difference, in no spelling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.cli.main import main

Git = Callable[..., str]
Edit = Callable[[str, str, str], None]

SECRETS = ("Orla", "Venn", "venn", "Вэнн", "文恩")


@pytest.fixture
def withdrawn(harbour_case: Path, git: Git, edit: Edit) -> Path:
    """A case in which Orla Venn, an invented person, was named in many places and is withheld now."""
    names = "na-orla-venn-ru,pa-accused-1,Орла Вэнн,ru,Cyrl,Orla Venn,\nna-x,pa-accused-1,文恩,zh,Hans,,\n"
    edit("names", "romanization,note\n", f"romanization,note\n{names}")
    edit("events", "The court hears the first witness.", "The court hears Orla Venn’s father.")
    edit("disagreements", "Which colour had the banner?", "What does 文恩的 banner say?")
    git("commit", "--quiet", "--all", "--message=named")
    git("tag", "v1.0.0")
    edit("names", names, "")
    edit("parties", "person,Orla Venn,One of the accused.,,named_by_rights_body", "person,,One.,,withheld")
    edit("events", "The court hears Orla Venn’s father.", "The court hears the first witness.")
    edit("disagreements", "What does 文恩的 banner say?", "Which colour had the banner?")
    retired = "rt-1,na-orla-venn-ru,,Orla Venn wished it.,2.0.0,\nrt-2,na-x,,Withdrawn.,2.0.0,\n"
    edit("retired", "version,note\n", f"version,note\n{retired}")
    return harbour_case


@pytest.mark.parametrize("form", ["text", "json", "markdown", "csv"])
def test_no_rendering_names_the_person(
    withdrawn: Path, form: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(withdrawn)
    assert main(["diff", "HEAD", "--format", form]) == 1
    said = capfd.readouterr().out
    assert "withdrawn" in said
    assert "The court hears the first witness." in said.replace("&#46;", ".")
    assert not [secret for secret in SECRETS if secret in said]


@pytest.mark.parametrize("form", ["text", "json", "markdown", "csv"])
def test_an_id_that_was_not_retired_names_nobody_either(
    withdrawn: Path,
    edit: Edit,
    form: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit("retired", "rt-1,na-orla-venn-ru,,Orla Venn wished it.,2.0.0,\n", "")
    monkeypatch.chdir(withdrawn)
    assert main(["diff", "HEAD", "--format", form]) == 1
    printed = "".join(capfd.readouterr())
    assert "gone without a word" in printed
    assert not [secret for secret in SECRETS if secret in printed]


def test_a_correction_of_a_name_is_no_withdrawal(
    harbour_case: Path,
    git: Git,
    edit: Edit,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit("parties", "Orla Venn", "Orla Wenn")
    monkeypatch.chdir(harbour_case)
    assert main(["diff", "HEAD"]) == 1
    assert "name: Orla Venn → Orla Wenn" in capfd.readouterr().out


def test_a_person_who_is_gone_altogether_is_not_named(
    harbour_case: Path,
    git: Git,
    edit: Edit,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit("parties", "pa-accused-1,person,Orla Venn,One of the accused.,,named_by_rights_body,\n", "")
    monkeypatch.chdir(harbour_case)
    assert main(["diff", "HEAD"]) == 1
    assert "Venn" not in capfd.readouterr().out


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html", "csv"])
def test_no_rendering_shows_a_private_address(
    harbour_case: Path,
    git: Git,
    edit: Edit,
    form: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git("commit", "--quiet", "--allow-empty", "--all", "--message=before")
    edit("events", "The court hears the first witness.", "Write to orla@example.org or +7 701 555 44 33.")
    monkeypatch.chdir(harbour_case)
    assert main(["diff", "HEAD", "--format", form]) == 1
    printed = capfd.readouterr().out
    assert "Write to" in printed
    assert "orla@" not in printed
    assert "555 44" not in printed
