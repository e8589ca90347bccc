"""The data that the script of the page reads: when each thing became known, and the first screen by day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from casetrail.case.tables import TABLES
from casetrail.case.views.as_of import as_of
from casetrail.case.views.figures import figures
from casetrail.case.views.known_since import Day
from casetrail.case.views.lede import Sentence, lede
from casetrail.case.views.origins import origin
from casetrail.site.case_view import CaseView

FIRST_SCREEN_WORK = 3_000_000
"""The first screen is made for every day while days times rows are not more than this."""


def as_of_data(view: CaseView) -> dict[str, Any]:
    """The days on which something became known, and the number of the day (from 0) for each row, cell, claim.

    `-1` is for what no day shows. `first` has, for each day, the sentences and figures of the first screen;
    it is empty where that would take too long, and the page then says that they are of the whole case.
    """
    case, since = view.case, view.since
    number: dict[Day, int] = {None: -1} | {day: position for position, day in enumerate(since.days)}
    origins: dict[str, int] = {}
    claims = {
        key: [number[since.rows[key]], origins.setdefault(origin(case, one), len(origins))]
        for key, one in case["evidence"].items()
    }
    rows = {key: number[day] for key, day in since.rows.items() if key not in claims}
    cells: dict[str, dict[str, int]] = {}
    for (key, column), day in since.cells.items():
        cells.setdefault(key, {})[column] = number[day]
    work = len(since.days) * sum(len(case[table]) for table in TABLES)
    first = [_first_screen(view, day) for day in since.days] if work <= FIRST_SCREEN_WORK else []
    return {
        "days": [day.isoformat() for day in since.days],
        "rows": rows,
        "cells": cells,
        "claims": claims,
        "first": first,
    }


def _first_screen(view: CaseView, day: dt.date) -> dict[str, Any]:
    then = as_of(view.case, day)
    return {
        "lede": [_pieces(sentence) for sentence in lede(then.case)],
        "figures": {one.name: one.words for one in figures(then.case)},
        "sources": len(then.known),
    }


def _pieces(sentence: Sentence) -> list[list[str]]:
    return [[one.text, one.row_id] if one.row_id else [one.text] for one in sentence]
