"""Every finding code of the rooms for contributors is stated once and has a meaning."""

from __future__ import annotations

import importlib
import pkgutil
import re

import casetrail.curate
import casetrail.history
import casetrail.workbook


def all_codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for room in (casetrail.curate, casetrail.history, casetrail.workbook):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            for code, meaning in getattr(importlib.import_module(module.name), "CODES", {}).items():
                assert code not in codes, f"{code} stands in two modules"
                codes[code] = meaning
    return codes


def test_a_meaning_is_one_plain_sentence() -> None:
    for code, meaning in all_codes().items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", code)
        assert re.fullmatch(r"[A-Z][^\n]*\.", meaning), code
