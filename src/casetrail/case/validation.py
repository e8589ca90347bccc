"""Validation of a Case Data Package: the engine of `checks`, and the rules of the profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from casetrail.checks.check import ROOT, Options, PackageCheck
from casetrail.findings.report import ReportBuilder

if TYPE_CHECKING:
    from casetrail.case.profile import TableSpec
    from casetrail.findings.report import Report
    from casetrail.package.package import Package


class ProfileCheck(PackageCheck):
    """The tables, columns, terms, keys and rules of the profile are there, and what is added makes sense."""

    name = "profile"
    rank = ROOT

    def __init__(
        self, stated: Package, tables: Mapping[str, TableSpec], specs: Mapping[str, TableSpec]
    ) -> None:
        self._stated, self._tables, self._specs = stated, tables, specs

    @property
    def codes(self) -> Mapping[str, str]:
        """What each of its findings means."""
        from casetrail.case.rules.conformance import CODES

        return CODES

    def open(self, package: Package, builder: ReportBuilder) -> None:
        """Look at the descriptor and the schemas, before any data is read."""
        from casetrail.case.rules.conformance import conformance

        for finding in conformance(self._stated, self._tables, self._specs):
            builder.add(finding)


def case_checks(package: Package, whole: Package | None = None) -> tuple[PackageCheck, ...]:
    """What is checked in a Case Data Package besides; nothing in any other package.

    `whole` is the package with what its schemas lack of the profile. Of a package of an unknown version only
    that is said: its tables may mean something else.
    """
    if package.case_profile is None:
        return ()
    from casetrail.case.profile import tables_of
    from casetrail.case.rules.codes import CodeRules
    from casetrail.case.rules.date_orders import DateRules
    from casetrail.case.rules.disagreement_versions import DisagreementRules
    from casetrail.case.rules.evidence import EvidenceRules
    from casetrail.case.rules.evidence_values import EvidenceValueRules
    from casetrail.case.rules.parties import CountRules, DisclosureRules
    from casetrail.case.rules.references import ReferenceRules
    from casetrail.case.rules.responses import ResponseRules
    from casetrail.case.rules.retirement import RetirementRules
    from casetrail.case.rules.sources_read import SourceRules
    from casetrail.case.rules.story_sentences import StoryRules

    tables = tables_of(package)
    specs = tables if whole is None or whole is package else tables_of(whole)
    profile_check = ProfileCheck(package, tables, specs)
    if not specs:
        return (profile_check,)
    kinds = (
        EvidenceRules,
        EvidenceValueRules,
        SourceRules,
        DisagreementRules,
        DisclosureRules,
        CountRules,
        CodeRules,
        DateRules,
        ReferenceRules,
        ResponseRules,
        RetirementRules,
        StoryRules,
    )
    return (profile_check, *(kind(specs) for kind in kinds))


def validate_package(package: Package, options: Options | None = None) -> Report:
    """Validate any Data Package; one that declares `caseProfile` is held to the profile as well."""
    from casetrail.checks.engine import validate

    whole = package
    if package.case_profile is not None:
        from casetrail.case.schema_files import completed

        whole = completed(package)
    return validate(whole, options=options or Options(), extra_checks=case_checks(package, whole))
