"""Profiles: JSON Schemas that a descriptor says it satisfies (standard: `glossary.mdx`, "Profile").

Those of the standard are not read: what they ask for is checked as its text has it. Others are read where
they are files of the package, or where the caller allows remote reading.
"""

from __future__ import annotations

from collections.abc import Iterator

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.package.descriptor_reader import DescriptorReader
from casetrail.package.paths import is_url
from casetrail.standard.descriptor import Descriptor, ResourceDescriptor
from casetrail.standard.limits import MAX_MISTAKES
from casetrail.standard.model import DescriptorLocation

CODES = {
    "profile-not-checked": "The descriptor names a profile of its own that is not fetched or not usable. "
    "Fetch it with `--allow-remote`, or go on without: nothing else depends on it.",
    "profile-violation": "The descriptor does not satisfy the profile that it names. "
    "Mend what the message names, or name another profile.",
}

_STANDARD = (
    "https://datapackage.org/profiles/",
    "https://specs.frictionlessdata.io/schemas/",
    "https://frictionlessdata.io/schemas/",
)
_STANDARD_NAMES = frozenset(
    {"data-package", "tabular-data-package", "fiscal-data-package", "data-resource", "tabular-data-resource"}
)


def check_profile(
    reader: DescriptorReader,
    descriptor: Descriptor | ResourceDescriptor,
    raw: object,
    location: DescriptorLocation,
) -> Iterator[Finding]:
    """What a profile of one's own says of a descriptor; a warning where it cannot be asked."""
    profile = descriptor.schema_uri or descriptor.profile
    if profile is None or profile.startswith(_STANDARD) or profile in _STANDARD_NAMES:
        return
    at = location.into("$schema" if descriptor.schema_uri else "profile")
    reason, hint = f"'{profile[:200]}' is not one of the standard", None
    problem = reader.path_finding(profile, at)
    if problem is not None:
        hint = problem.hint if is_url(profile) else "give its path within the package, or its URL"
    else:
        from casetrail.types.safe_json_schema import JsonSchema, JsonSchemaProblem

        try:
            schema = JsonSchema(reader.json(profile, DescriptorLocation(profile)), known=_STANDARD)
            violations = schema.violations(raw)[:MAX_MISTAKES]
        except (CasetrailError, JsonSchemaProblem) as error:
            reason = f"'{profile[:200]}' cannot be used: {error}"
        else:
            for steps, violation in violations:
                message = f"the profile refuses this: {violation}"
                yield location.into(*steps).finding("profile-violation", message)
            return
    message = f"the profile {reason}; what it asks for is not checked"
    yield at.finding("profile-not-checked", message, hint=hint, value=profile, severity=Severity.WARNING)
