"""The data that the script of the page reads: when each thing became known, and the first screen by day."""

from __future__ import annotations

from typing import Any

from casetrail.case.views.claims import origin
from casetrail.case.views.figures import figures
from casetrail.case.views.known_since import AsOf, known_since
from casetrail.case.views.labels import value_words
from casetrail.case.views.lede import Sentence, lede
from casetrail.site.case_view import CaseView


def as_of_data(view: CaseView) -> dict[str, Any]:
    """The days on which something became known and, by the number of the day (from 0), what they show.

    `rows` has the first day of each row but evidence, -1 for one that no day shows; `claims`, of each piece
    of evidence, the first day and a number for its origin; `cells`, of each cell that stood otherwise once,
    from which day it did and how, `null` for as it does now; `first` the first screen of each day.
    """
    case = view.case
    screens: list[dict[str, Any]] = []
    known = view.known = known_since(case, lambda then: screens.append(_first_screen(then)))
    origins: dict[str, int] = {}
    return {
        "days": [day.isoformat() for day in known.days],
        "rows": {key: known.rows.get(key, -1) for table, key, _ in case.rows() if table != "evidence"},
        "claims": {
            key: [known.rows.get(key, -1), origins.setdefault(origin(case, one), len(origins))]
            for key, one in case["evidence"].items()
        },
        "cells": _cells(view),
        "first": screens,
    }


def dots_data(view: CaseView) -> dict[str, list[list[list[Any]]]]:
    """Of each chart that has dots, lane by lane, the rows with their days."""
    charts = {"chart-events": view.timeline, "chart-responses": view.reactions}
    return {
        name: [[[mark.row_id, mark.days.middle] for mark in lane.marks] for lane in chart.lanes]
        for name, chart in charts.items()
        if chart is not None and chart.dotted
    }


def _cells(view: CaseView) -> dict[str, dict[str, list[list[Any]]]]:
    return {
        key: {
            column: [
                [number, None if value == now[column] else value_words(view.case, table, column, value)]
                for number, value in past
            ]
            for column, past in view.known.cells[key].items()
        }
        for table, key, now in view.case.rows()
        if key in view.known.cells
    }


def _first_screen(then: AsOf) -> dict[str, Any]:
    return {
        "lede": [_pieces(sentence) for sentence in lede(then.case)],
        "figures": {one.name: one.words for one in figures(then.case)},
        "sources": len(then.known),
    }


def _pieces(sentence: Sentence) -> list[list[str]]:
    return [[one.text, one.row_id] if one.row_id else [one.text] for one in sentence]
