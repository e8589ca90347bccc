"""Events: what happened or was scheduled."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import ClockTime, Edtf, References, Text, ZoneName, column
from casetrail.case.keys import EventId, PlaceId
from casetrail.case.row import Row, Table
from casetrail.case.terms import Access, EventKind, EventStatus, PartOfDay
from casetrail.checks.conditions import Filled, Matches, OneOf
from casetrail.checks.row_rules import AtMostOne, Differ, Together, WhenThen

FULL_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[?~%]?"


class Event(Row):
    """Something that happened or was scheduled: a protest, a hearing, a decision, an exhibit."""

    TABLE: ClassVar[Table] = Table(
        name="events",
        singular="event",
        prefix="ev",
        title="Events",
        rules=(
            Together(
                "event-time-with-timezone",
                "A time of day says nothing without its time zone, and a time zone nothing without a time.",
                ("time", "timezone"),
                hint="fill both `time` and `timezone`, for example 15:00 and Asia/Almaty, or neither",
            ),
            AtMostOne(
                "event-time-or-part-of-day",
                "An event has a time or a part of the day, not both.",
                ("time", "part_of_day"),
                hint="keep `time` and empty `part_of_day`",
            ),
            WhenThen(
                "event-time-on-a-day",
                "A time needs the full day on which it falls.",
                when=Filled("time"),
                then=Matches("date", FULL_DAY, "a full day"),
                hint="give `date` as year-month-day, or empty `time`",
            ),
            WhenThen(
                "event-part-of-day-has-date",
                "A part of the day needs a date.",
                when=Filled("part_of_day"),
                then=Filled("date"),
                hint="fill `date`, or empty `part_of_day`",
            ),
            Differ(
                "event-replaces-another",
                "An event cannot replace itself.",
                "event_id",
                "replaces",
                hint="`replaces` holds the id of the postponed event that this one replaces",
            ),
            WhenThen(
                "event-scheduled-has-date",
                "What was scheduled or postponed was set for a date.",
                when=OneOf("status", EventStatus.SCHEDULED, EventStatus.POSTPONED),
                then=Filled("date"),
                hint="fill `date` with the day for which it was announced",
            ),
        ),
    )

    event_id: EventId = column("The id of the event.", example="ev-20260123-hearing", required=True)
    kind: EventKind = column(
        "What kind of thing happened.",
        example="hearing",
        required=True,
        source="HURIDOCS, Events Standard Formats",
    )
    title: Text = column(
        "A short name for the event, in our own words.", example="Trial opens", required=True, free_text=True
    )
    summary: Text | None = column(
        "What happened, in our own words, as far as the other columns do not say it.",
        example="The judge closes the hearing to the public at its start.",
        free_text=True,
    )
    date: Edtf | None = column(
        "When it happened, or the day for which it was scheduled; empty where it is open or unknown.",
        example="2026-01-23",
        source="Extended Date/Time Format (EDTF)",
    )
    time: ClockTime | None = column("The local time at which it began, hours and minutes.", example="15:00")
    part_of_day: PartOfDay | None = column(
        "The part of the day, where no time is known.", example="afternoon"
    )
    timezone: ZoneName | None = column(
        "The time zone of `time`, as the IANA database names it.",
        example="Asia/Almaty",
        source="IANA Time Zone Database",
    )
    place_id: Annotated[PlaceId, References("places")] | None = column(
        "Where it happened, no finer than a town.", example="pl-taldykorgan"
    )
    status: EventStatus = column(
        "How far the event is known to have come about.", example="held", required=True
    )
    replaces: Annotated[EventId, References("events")] | None = column(
        "The postponed event that this one replaces.", example="ev-20260121-hearing"
    )
    access: Access | None = column(
        "Who could attend; for a scheduled event, who was to.",
        example="closed",
        source="OSCE/ODIHR, Trial Monitoring: A Reference Manual for Practitioners",
    )
    note: Text | None = column(
        "What a reader should know besides.",
        example="The end of the hearing is not reported.",
        free_text=True,
    )
