from __future__ import annotations

import json
import os
import subprocess
import sys

from casetrail.cli.main import main


def test_the_page_of_a_case_is_written_where_it_is_asked_for(harbour_case, tmp_path, capsys):
    target = tmp_path / "case.html"
    assert main(["page", str(harbour_case), "--output", str(target)]) == 0
    assert "wrote" in capsys.readouterr().out
    assert "The harbour case" in target.read_text(encoding="utf-8")


def test_without_output_it_is_named_after_the_package(harbour_case, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["page", str(harbour_case / "datapackage.json")]) == 0
    assert (tmp_path / "harbour-case.html").is_file()


def test_a_name_that_leads_out_of_the_folder_is_not_followed(harbour_case, tmp_path, monkeypatch):
    descriptor = harbour_case / "datapackage.json"
    text = descriptor.read_text(encoding="utf-8")
    descriptor.write_text(text.replace('"harbour-case"', '"../elsewhere"'), encoding="utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert main(["page", str(harbour_case)]) == 0
    assert (tmp_path / "here" / "package.html").is_file() and not (tmp_path / "elsewhere.html").exists()


def test_open_shows_it_in_the_browser(harbour_case, tmp_path):
    shown, target = tmp_path / "shown", tmp_path / "case.html"
    subprocess.run(
        [sys.executable, "-m", "casetrail", "page", str(harbour_case), "--output", str(target), "--open"],
        env={**os.environ, "BROWSER": f"{_script(tmp_path, shown)} %s"},
        check=True,
        capture_output=True,
    )
    assert shown.read_text(encoding="utf-8").strip() == target.as_uri()


def _script(folder, target) -> str:
    script = folder / "browser"
    script.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{target}"\n', encoding="utf-8")
    script.chmod(0o755)
    return str(script)


def test_a_package_that_is_no_case_gets_a_page_too(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("a\n1\n", encoding="utf-8")
    schema = {"fields": [{"name": "a", "type": "integer"}]}
    descriptor = {"name": "plain", "resources": [{"name": "a", "path": "a.csv", "schema": schema}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert main(["page", str(tmp_path), "--output", str(tmp_path / "p.html")]) == 0
    assert "1 row in" in (tmp_path / "p.html").read_text(encoding="utf-8")


def test_what_cannot_be_read_or_written_is_told_in_one_sentence(harbour_case, tmp_path, capsys):
    assert main(["page", str(tmp_path / "nothing")]) == 2
    assert main(["page", str(harbour_case), "--output", str(tmp_path / "no" / "p.html")]) == 2
    told = capsys.readouterr().err
    assert "cannot be written" in told and "Traceback" not in told
