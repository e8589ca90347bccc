"""Responses: what they say of their makers agrees with the signatories that have rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pyarrow.compute as pc

from casetrail.case.rules.base import CaseRules
from casetrail.findings.report import ReportBuilder
from casetrail.types.arrow_arrays import are_text, text_array

MAKERS = ("author", "signatory")
"""In which capacities a party has made a response; a spokesperson speaks for its maker."""


class ResponseRules(CaseRules):
    """A response whose makers are known has signatories, and one whose makers are not known has none."""

    name = "responses"
    codes: ClassVar = {
        "response-signatories-missing": "A response says that its makers are known, but none has a row.",
        "response-signatories-unexpected": "A response says that no maker is known, but one has a row.",
    }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The responses and those who made them."""
        return {
            "responses": ("response_id", "signatories_known"),
            "signatories": ("signatory_id", "response_id", "capacity"),
        }

    def run(self, builder: ReportBuilder) -> None:
        """Compare each response with the rows of its makers."""
        responses, signatories = self.table("responses"), self.table("signatories")
        makers = pc.is_in(signatories.column("capacity"), value_set=text_array(MAKERS))
        responses_made = pc.filter(signatories.column("response_id"), makers)
        has_maker = pc.is_in(responses.column("response_id"), value_set=responses_made)
        unknown = are_text(responses.column("signatories_known"), "none")
        missing = pc.and_not(pc.invert(has_maker), unknown)
        number = pc.sum(missing).as_py() or 0
        cause = next((table for table in (signatories, responses) if table.explains(number)), None)
        if cause is not None:
            self.not_checked(cause.table.name, "row", number)
        for index in responses.where(missing) if cause is None else ():
            builder.add(
                responses.finding(
                    "response-signatories-missing",
                    f"{responses.cell(index, 'response_id')} says that "
                    f"{responses.cell(index, 'signatories_known')} of its makers are known; none has a row",
                    index,
                    field="signatories_known",
                    hint="add its author or signatories to `signatories`, or set this to none",
                )
            )
        for index in responses.where(pc.and_(has_maker, unknown)):
            builder.add(
                responses.finding(
                    "response-signatories-unexpected",
                    f"{responses.cell(index, 'response_id')} says that no maker is known, but one has a row",
                    index,
                    field="signatories_known",
                    hint="set this to all or some",
                )
            )
