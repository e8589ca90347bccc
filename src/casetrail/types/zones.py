"""Time zones from the `tzdata` package, whatever the machine has."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import tzdata

from casetrail.types.problem import ValueProblem

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_FOLDER = Path(tzdata.__file__).parent


@cache
def zone_names() -> frozenset[str]:
    """The names of all time zones (IANA)."""
    return frozenset((_FOLDER / "zones").read_text("utf-8").split())


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of this name, such as `Asia/Almaty`; a `ValueProblem` where there is none."""
    if name not in zone_names():
        from casetrail.standard.near_miss import did_you_mean

        raise ValueProblem(f"there is no time zone '{name}'", did_you_mean(name, zone_names()))
    # Most who ask for names alone need no zone.
    from zoneinfo import ZoneInfo

    with _FOLDER.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def instant(day: dt.date, time: dt.time, name: str) -> dt.datetime | None:
    """The moment in UTC at which clocks in the zone showed this time on this day.

    `None` where they showed it twice or never, as in the hour when they are put back or forward: which
    moment was meant cannot be known.
    """
    tz = zone(name)
    local = dt.datetime.combine(day, time.replace(tzinfo=None))
    first, second = (local.replace(tzinfo=tz, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        return None
    try:
        return first.astimezone(dt.UTC)
    except OverflowError:
        return None
