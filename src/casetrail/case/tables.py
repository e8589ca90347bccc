"""The tables of the Case Data Package, in the order in which the descriptor lists them."""

from __future__ import annotations

from casetrail.case.charge import Charge
from casetrail.case.demand import Demand
from casetrail.case.disagreement import Disagreement
from casetrail.case.event import Event
from casetrail.case.evidence import Evidence
from casetrail.case.measure import Measure
from casetrail.case.name import Name
from casetrail.case.participation import Participation
from casetrail.case.party import Party
from casetrail.case.place import Place
from casetrail.case.relation import Relation
from casetrail.case.response import Response
from casetrail.case.retired import Retired
from casetrail.case.row import Row
from casetrail.case.signatory import Signatory
from casetrail.case.source import Source

PROFILE_VERSION = "1.0"
"""The version of the profile that a descriptor declares as `caseProfile`."""

MODELS: tuple[type[Row], ...] = (
    Event,
    Party,
    Charge,
    Response,
    Participation,
    Measure,
    Relation,
    Signatory,
    Demand,
    Name,
    Place,
    Source,
    Evidence,
    Disagreement,
    Retired,
)

TABLES: dict[str, type[Row]] = {model.TABLE.name: model for model in MODELS}
"""The model of each table, by the name of the table."""

PREFIXES: dict[str, str] = {model.TABLE.prefix: model.TABLE.name for model in MODELS}
"""The table to which an id belongs, by the prefix of the id."""
