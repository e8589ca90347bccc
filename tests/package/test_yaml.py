"""Descriptors and schemas in YAML are read as the JSON that they mean; what readers differ about is said."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import casetrail
from casetrail.cli.main import main
from casetrail.standard.yaml_reader import read_yaml

DESCRIPTOR = """\
# A person wrote this.
name: harbour
resources:
  - name: ships
    type: table
    path: ships.csv
    schema: ships.yaml
"""
SCHEMA = """\
fields:
  - {name: id, type: string}
  - name: draught
    type: number
    constraints: &positive {minimum: 0}
  - {name: length, type: number, constraints: *positive}
primaryKey: id
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package whose descriptor and schema are in YAML."""
    (tmp_path / "datapackage.yaml").write_text(DESCRIPTOR)
    (tmp_path / "ships.yaml").write_text(SCHEMA)
    (tmp_path / "ships.csv").write_text("id,draught,length\na,1.5,10\nb,-1,12\n")
    return tmp_path


def test_a_package_in_yaml_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for path in (".", "datapackage.yaml", "datapackage.json", folder):
        report = casetrail.validate(path)
        assert report.counts == {"descriptor-yaml": 2, "constraint-minimum": 1}
        (finding,) = [finding for finding in report.findings if finding.code == "constraint-minimum"]
        assert (finding.path, finding.line, finding.field) == ("ships.csv", 3, "draught")
    assert main(["validate"]) == 1


def test_a_package_in_a_zip_may_be_in_yaml(folder: Path) -> None:
    with zipfile.ZipFile(folder / "ships.zip", "w") as archive:
        for name in ("datapackage.yaml", "ships.yaml", "ships.csv"):
            archive.write(folder / name, f"ships/{name}")
    assert casetrail.validate(folder / "ships.zip").counts["constraint-minimum"] == 1


def test_the_descriptor_in_json_comes_first(folder: Path) -> None:
    resource = {"name": "ships", "type": "table", "path": "ships.csv"}
    (folder / "datapackage.json").write_text(json.dumps({"name": "other", "resources": [resource]}))
    assert casetrail.validate(folder).package == "other"


def test_files_of_a_package_in_yaml_are_not_written_over(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--format", "json", "--output", str(folder / "ships.csv")]
    assert main(["validate", str(folder), *words]) == 2
    assert "is part of the package" in capsys.readouterr().err
    assert (folder / "ships.csv").read_text().startswith("id,draught")


def test_inline_data_are_read(folder: Path) -> None:
    (folder / "datapackage.yaml").write_text(
        "name: harbour\n"
        "resources:\n"
        "  - name: ships\n"
        "    type: table\n"
        "    data:\n"
        "      - {id: a, n: 1}\n"
        "      - {id: b, n: x}\n"
        "    schema: {fields: [{name: id, type: string}, {name: n, type: integer}]}\n"
    )
    (finding,) = [finding for finding in casetrail.validate(folder).findings if finding.row is not None]
    assert (finding.code, finding.row, finding.line, finding.value) == ("type-integer", 3, None, "x")


@pytest.mark.parametrize(
    ("text", "value", "others"),
    [
        ("[yes, No, on, OFF]", ["yes", "No", "on", "OFF"], ["true", "false", "true", "false"]),
        ("[y, n]", ["y", "n"], []),
        ("[2024-01-01, 2024-1-1T10:00:00Z]", ["2024-01-01", "2024-1-1T10:00:00Z"], ["a date"] * 2),
        ("[010, 1_000, 12:30, 0b1]", [10, "1_000", "12:30", "0b1"], ["a number in another form"] * 4),
        ("[0o10, 0x1F]", [8, 31], ["text", "text"]),
        (
            "[1, -2, 1.5, 1e3, .5, true, False, null, ~, '']",
            [1, -2, 1.5, 1000.0, 0.5, True, False, None, None, ""],
            ["text"],
        ),
        ("['no', \"2024-01-01\", '12:30']", ["no", "2024-01-01", "12:30"], []),
        ("{no: 1, 2: x}", {"no": 1, "2": "x"}, []),
    ],
)
def test_words_are_those_of_yaml_1_2(text: str, value: Any, others: list[str]) -> None:
    document = read_yaml(text.encode())
    assert repr(document.value) == repr(value)
    assert [other for _, _, _, other in document.ambiguous] == others


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a:\n\tb: 1\n", "line 2, column 1: this cannot be read as YAML: the line begins with a tab"),
        ("a: [1, 2\n", "this cannot be read as YAML"),
        ("a: &a [*a]\n", "line 1: '*a' is inside what it names"),
        ("<<: {a: 1}\n", "line 1: the merge key '<<' is not read"),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            "the tag 'tag:yaml.org,2002:python/object/apply:os.system'",
        ),
        ("--- {}\n--- {}\n", "line 2: a second document begins"),
        ("? [a]\n: 1\n", "the name of a property is a text"),
        ("a: .nan\n", ".nan is no number"),
        ("a: 1e999\n", "is larger than readers can hold"),
        ("", "the file is empty"),
        ("é: é\na: \x01\n", "line 2: the character U+0001 cannot be in YAML; remove it\n"),
        ("[" * 200, "it is nested too deep"),
        ("- text\n", "holds no JSON object"),
    ],
)
def test_what_is_no_descriptor_is_one_sentence(
    tmp_path: Path, text: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "datapackage.yaml").write_text(text)
    assert main(["validate", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


def test_a_broken_schema_is_a_finding(folder: Path) -> None:
    (folder / "ships.yaml").write_text("fields:\n\t- {name: id}\n")
    (finding,) = [
        finding for finding in casetrail.validate(folder).findings if finding.code == "file-not-json"
    ]
    assert "ships.yaml, line 2, column 1" in finding.message


def test_a_byte_order_mark_is_no_fault_of_yaml(folder: Path) -> None:
    (folder / "datapackage.yaml").write_text(DESCRIPTOR, encoding="utf-8-sig")
    assert "descriptor-bom" not in {finding.code for finding in casetrail.validate(folder).findings}


def test_a_property_that_is_twice_is_named(folder: Path) -> None:
    (folder / "datapackage.yaml").write_text(DESCRIPTOR + "    path: other.csv\n")
    (finding,) = [
        finding
        for finding in casetrail.validate(folder).findings
        if finding.code == "descriptor-duplicate-name"
    ]
    assert finding.value == "path"
    assert finding.message.startswith("resources[0]: ")


def test_anchors_that_multiply_are_counted() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(ValueError, match="holds more than 5,000,000 values"):
        read_yaml("\n".join(lines).encode())
    deep = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 120)]
    with pytest.raises(ValueError, match="nested too deep"):
        read_yaml("\n".join(deep).encode())


# PyYAML itself does not read again what it writes of NEL, a line end of YAML 1.1.
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x85"))
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(value=_JSON)
def test_what_another_library_writes_is_read_as_it_was(value: Any) -> None:
    document = read_yaml(yaml.safe_dump(value, allow_unicode=True).encode("utf-8", "surrogatepass"))
    # A text that is a number in YAML 1.2 only is written without quotation marks, and named.
    assert document.value == value or document.ambiguous
    assert all(other == "text" for *_, other in document.ambiguous)


@pytest.mark.parametrize("text", ["0E0", "1e5", "1E+5", "1.0e5", ".5e3", "12e03", "-1e5", "0o7"])
def test_a_text_that_is_a_number_here_is_named(text: str) -> None:
    written = yaml.safe_dump({"version": text}).encode()
    assert [(word, other) for *_, word, other in read_yaml(written).ambiguous] == [(text, "text")]
    assert read_yaml(yaml.safe_dump({"version": 1e20}).encode()).ambiguous == ()
