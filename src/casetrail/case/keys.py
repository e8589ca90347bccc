"""Ids: the type of the key of each table, by its prefix."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from casetrail.case.columns import TableType, key_pattern

EventId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('ev')}$"),
    TableType("string", pattern=key_pattern("ev")),
]
PartyId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('pa')}$"),
    TableType("string", pattern=key_pattern("pa")),
]
ChargeId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('ch')}$"),
    TableType("string", pattern=key_pattern("ch")),
]
ResponseId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('re')}$"),
    TableType("string", pattern=key_pattern("re")),
]
ParticipationId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('pt')}$"),
    TableType("string", pattern=key_pattern("pt")),
]
MeasureId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('me')}$"),
    TableType("string", pattern=key_pattern("me")),
]
RelationId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('rl')}$"),
    TableType("string", pattern=key_pattern("rl")),
]
SignatoryId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('si')}$"),
    TableType("string", pattern=key_pattern("si")),
]
DemandId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('de')}$"),
    TableType("string", pattern=key_pattern("de")),
]
NameId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('na')}$"),
    TableType("string", pattern=key_pattern("na")),
]
PlaceId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('pl')}$"),
    TableType("string", pattern=key_pattern("pl")),
]
SourceId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('so')}$"),
    TableType("string", pattern=key_pattern("so")),
]
EvidenceId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('ec')}$"),
    TableType("string", pattern=key_pattern("ec")),
]
DisagreementId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('di')}$"),
    TableType("string", pattern=key_pattern("di")),
]
RetiredId = Annotated[
    str,
    StringConstraints(pattern=rf"^{key_pattern('rt')}$"),
    TableType("string", pattern=key_pattern("rt")),
]
