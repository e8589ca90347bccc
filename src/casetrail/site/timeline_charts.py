"""The charts of the timeline: what is drawn for events and responses, on a few bands."""

from __future__ import annotations

from collections.abc import Iterable

from casetrail.case.case import Case, TextRow
from casetrail.case.views.date_words import date_words
from casetrail.case.views.labels import cell_words, label, makers_label
from casetrail.languages.words import say
from casetrail.site.chart import Chart, Lane, Mark, charts, days_of
from casetrail.site.marks import MarkStyle, mark_style, tone_class


def is_hollow(event: TextRow) -> bool:
    """Whether an event is drawn hollow: it was announced, moved or called off, or is only alleged."""
    return event["status"] != "held"


def timeline_charts(
    case: Case, events: Iterable[TextRow], responses: Iterable[TextRow], act_day: int | None
) -> list[list[Chart]]:
    """Events and responses on a few bands: from the alleged act on, then what was over before it."""
    column = case.specs["events"].columns["kind"]
    titles = {tone_class(band.value): band.title for band in column.bands}
    bands = {tone: Lane(title, MarkStyle("circle", tone), []) for tone, title in titles.items()}
    reactions = Lane(say("Responses"), MarkStyle("circle", "t5"), [])
    links = []
    for event in events:
        if event["replaces"]:
            links.append((event["replaces"], event["event_id"]))
        days = days_of(event["date"])
        if days is not None:
            style = mark_style(case, "events", "kind", event["kind"])
            status = cell_words(case, "events", event, "status")
            title = f"{date_words(event['date'])}: {event['title']} ({status})"
            mark = Mark(event["event_id"], title, event["title"], days, style, is_hollow(event))
            bands.setdefault(style.tone, Lane(column.title or "", style, [])).marks.append(mark)
    for response in responses:
        days = days_of(response["date"])
        if days is not None:
            key = response["response_id"]
            title = f"{date_words(response['date'])}: {label(case, key)}"
            name = makers_label(case, key) or label(case, key)
            style = mark_style(case, "responses", "stance", response["stance"])
            reactions.marks.append(Mark(key, title, name, days, style))
    return charts([*bands.values(), reactions], act_day, links)
