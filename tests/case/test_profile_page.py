"""The page on extending the profile: its properties are those that are read, and its rules work."""

from __future__ import annotations

import json
import re
from pathlib import Path

from casetrail.case.profile import FieldSpec, TableSpec
from casetrail.checks.engine import validate
from casetrail.package.package import open_package
from casetrail.standard.model import DescriptorModel
from casetrail.standard.schema import FieldDescriptor, TableSchema

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "extend-the-profile.md").read_text(encoding="utf-8")
FIELDS = ("colour", "light", "time", "zone")


def names(model: type[DescriptorModel], base: type[DescriptorModel]) -> set[str]:
    return {model.properties[name].json for name in model.properties.keys() - base.properties.keys()}


def test_every_property_of_ours_is_explained_and_no_other() -> None:
    table, column = (part.split("\n## ")[0] for part in PAGE.split("## Properties of a ")[1:])
    told = [
        set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (.*?) \|", part, re.M))))
        for part in (table, column)
    ]
    assert told[0] == names(TableSpec, TableSchema)
    assert told[1] == names(FieldSpec, FieldDescriptor)


def test_the_rules_of_the_page_work(tmp_path: Path) -> None:
    rules = next(json.loads(text) for text in re.findall(r"```json\n(\{\n.*?)```", PAGE, re.S))["rules"]
    fields = [{"name": name, "type": "string"} for name in FIELDS]
    fields += [{"name": name, "type": "date"} for name in ("laid", "lifted")]
    resource = {"name": "buoys", "path": "buoys.csv", "schema": {"fields": fields, "rules": rules}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}), "utf-8")
    (tmp_path / "buoys.csv").write_text(
        "colour,light,time,zone,laid,lifted\n"
        "red,5 s,,,2024-01-01,2024-02-01\n"
        "red,,10:00,,2024-03-01,2024-02-01\n"
        "green,blinking,,,,\n",
        "utf-8",
    )
    report = validate(open_package(tmp_path))
    assert sorted((one.row, one.code) for one in report.findings) == [
        (3, "lifted-after-laid"),
        (3, "red-buoys-have-a-light"),
        (3, "time-with-zone"),
        (4, "light-as-written"),
    ]
