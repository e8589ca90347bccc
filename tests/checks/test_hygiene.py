"""Hygiene: what a cell may not hide, run or give away; on in a Case Data Package, else when asked for."""

from __future__ import annotations

from typing import Any

import pytest

NOTE = [{"name": "id"}, {"name": "note", "type": "string"}]


def codes(report: Any) -> list[str]:
    return [one.code for one in report.findings]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("=1+1", ["hygiene-formula"]),
        ("@SUM(A1)", ["hygiene-formula"]),
        ("+cmd|' /C calc'!A0", ["hygiene-formula"]),
        ("-2+3+cmd", ["hygiene-formula"]),
        ("-5", []),
        ("+3.5", []),
        ("-", []),
        ("a=b", []),
        (" a", ["hygiene-edge-space"]),
        ("a\u00a0", ["hygiene-edge-space"]),
        ("a\u00a0b", []),
        ("a\u200bb", ["hygiene-control"]),
        ("a\u0085b", ["hygiene-control"]),
        ("\ufeffa", ["hygiene-control"]),
        *(
            (f"a{chr(code)}b", ["hygiene-control"])
            for code in (0x34F, 0x3164, 0xFFA0, 0x17B4, 0x2800, 0xE0061)
        ),
        ("a\u202eb", ["hygiene-bidi"]),
        ("a\u2066b\u2069", ["hygiene-bidi"]),
        ("سلام", []),
        ("Қазақстан", []),
        ("e\u0301", ["hygiene-not-nfc"]),
        ("é", []),
        ("Hа", []),
    ],
)
def test_how_a_cell_looks(one_table: Any, cell: str, found: list[str]) -> None:
    report = one_table(NOTE, f'id,note\n1,"{cell}"\n', hygiene=True)
    assert codes(report) == found


def test_a_line_break_or_tab_within_a_text_is_no_fault(one_table: Any) -> None:
    assert codes(one_table(NOTE, 'id,note\n1,"a\nb\tc"\n', hygiene=True)) == []


def test_an_id_must_not_mix_scripts_that_look_alike(one_table: Any) -> None:
    fields = [{"name": "case_id"}, {"name": "note"}]
    report = one_table(fields, "case_id,note\nсase-1,сase-1\nдело-case,x\n", hygiene=True)
    assert [(one.row, one.column, one.code) for one in report.findings] == [(2, 1, "hygiene-mixed-script")]
    assert report.findings[0].hint == "write it in Latin letters alone"


def test_identifiers_are_looked_for_in_free_text_only(one_table: Any) -> None:
    number = "010101500003"
    fields = [
        {"name": "id"},
        {"name": "party_id"},
        {"name": "url", "format": "uri", "type": "string"},
        {"name": "kind", "type": "string", "constraints": {"enum": [number]}},
        {"name": "count", "type": "integer"},
        {"name": "note"},
    ]
    text = f"id,party_id,url,kind,count,note\n{number},{number},tel:+77010000000,{number},{number},{number}\n"
    report = one_table(fields, text, {"primaryKey": ["id"]}, hygiene=True)
    assert [(one.code, one.field) for one in report.findings] == [("hygiene-iin", "note")]


def test_a_finding_does_not_spread_what_it_asks_to_remove(one_table: Any) -> None:
    report = one_table(NOTE, "id,note\n1,call +77010000000\n", hygiene=True)
    (found,) = report.findings
    assert "7010000000" not in repr(found)
    assert found.value is None


def test_hygiene_is_off_unless_asked_for(one_table: Any) -> None:
    assert codes(one_table(NOTE, "id,note\n1,=1+1\n")) == []


def test_of_many_equal_cells_all_are_counted(one_table: Any) -> None:
    report = one_table(NOTE, "id,note\n" + "1,=1+1\n" * 2500, hygiene=True, limit=10)
    assert report.counts == {"hygiene-formula": 2500}
    assert len(report.findings) == 10
