"""Every finding code of the rooms for contributors has a test that provokes it, and a meaning."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import casetrail.curate
import casetrail.history
import casetrail.workbook

TESTS = Path(__file__).parent.parent


def all_codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for room in (casetrail.curate, casetrail.history, casetrail.workbook):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            for code, meaning in getattr(importlib.import_module(module.name), "CODES", {}).items():
                assert code not in codes, f"{code} stands in two modules"
                codes[code] = meaning
    return codes


@pytest.mark.parametrize("code", sorted(all_codes()))
def test_a_code_is_provoked_by_a_test(code: str) -> None:
    folders = [TESTS / name for name in ("curate", "history", "workbook", "cli")]
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("test_*.py")]
    assert any(f'"{code}"' in text for text in texts)


def test_a_meaning_is_one_plain_sentence() -> None:
    for code, meaning in all_codes().items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", code)
        assert re.fullmatch(r"[A-Z][^\n]*\.", meaning), code
