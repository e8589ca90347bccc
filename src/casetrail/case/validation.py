"""Validation of a Case Data Package: the engine of `checks`, and the rules of the profile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from casetrail.checks.check import Options, PackageCheck, TableCheck
from casetrail.checks.table import Table
from casetrail.findings.report import ReportBuilder

if TYPE_CHECKING:
    from casetrail.case.rules.base import CaseRules
    from casetrail.findings.report import Report
    from casetrail.package.package import Package
    from casetrail.package.resource import Resource


class ProfileCheck(PackageCheck):
    """The tables, columns and keys of the profile are there."""

    name = "profile"

    @property
    def codes(self) -> dict[str, str]:
        """What each of its findings means."""
        from casetrail.case.rules.profile import CODES

        return CODES

    def open(self, package: Package, builder: ReportBuilder) -> None:
        """Look at the descriptor and the schemas, before any data is read."""
        from casetrail.case.rules.profile import profile_findings

        for finding in profile_findings(package):
            builder.add(finding)


class RowRuleCheck(PackageCheck):
    """The rows of each table keep the rules that its model states."""

    name = "row-rules"

    @property
    def codes(self) -> dict[str, str]:
        """What each rule of a row asks."""
        from casetrail.case.tables import TABLES

        return {rule.name: rule.sentence for model in TABLES.values() for rule in model.TABLE.rules}

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        """The rules of the table's model, where the profile has the table and it has the columns."""
        from casetrail.case.tables import TABLES
        from casetrail.checks.rows import RowRules

        model = TABLES.get(resource.name)
        if model is None or not model.TABLE.rules:
            return ()
        return (RowRules(table, model.TABLE.rules),)


def rules_across_tables() -> tuple[CaseRules, ...]:
    """The kinds of rules across tables, each ready for one validation."""
    from casetrail.case.rules.dates import DateRules
    from casetrail.case.rules.disagreements import DisagreementRules
    from casetrail.case.rules.evidence import EvidenceRules
    from casetrail.case.rules.parties import CountRules, DisclosureRules
    from casetrail.case.rules.responses import ResponseRules
    from casetrail.case.rules.retirement import RetirementRules

    return (
        EvidenceRules(),
        DisagreementRules(),
        DisclosureRules(),
        CountRules(),
        DateRules(),
        ResponseRules(),
        RetirementRules(),
    )


def case_checks(package: Package) -> tuple[PackageCheck, ...]:
    """What is checked in a Case Data Package besides; nothing in any other package."""
    if package.descriptor.case_profile is None:
        return ()
    return (ProfileCheck(), RowRuleCheck(), *rules_across_tables())


def validate_package(package: Package, options: Options | None = None) -> Report:
    """Validate any Data Package; one that declares `caseProfile` is held to the profile as well."""
    from casetrail.checks.engine import validate

    return validate(package, options=options or Options(), extra_checks=case_checks(package))
