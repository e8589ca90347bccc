"""Formats: whether this version of casetrail knows the form in which a package is written."""

from __future__ import annotations

import re

from casetrail.findings.error import CasetrailError
from casetrail.package.package import Package

_STANDARD = re.compile(r"https://datapackage\.org/profiles/([0-9]+)\.[0-9.]+/.*")
_KNOWN = 2


def check_known_version(package: Package) -> None:
    """Raise a `CasetrailError` for a package of a later form, which would be read wrongly, or that has none.

    What counts are the version of the standard (`$schema`) and that of the Case Data Package profile.
    """
    from casetrail.case.profile import profile_versions

    place = f"'{package.files.descriptor}' in '{package.root}'"
    newer = "install a newer casetrail, which knows it"
    standard = _STANDARD.fullmatch(package.descriptor.schema_uri or "")
    if standard is not None and int(standard[1]) > _KNOWN:
        raise CasetrailError(
            f"{place} follows version {standard[1]} of the Data Package standard, and this casetrail reads "
            f"up to version {_KNOWN}; {newer}"
        )
    if package.case_profile not in (None, *profile_versions()):
        raise CasetrailError(
            f"{place} follows version {package.case_profile} of the Case Data Package profile, and this "
            f"casetrail reads {', '.join(profile_versions())}; {newer}"
        )
    if not package.resources:
        reason = package.findings[0].message if package.findings else "it names no resource"
        raise CasetrailError(f"{place} cannot be read: {reason}; run `casetrail validate` on it")
