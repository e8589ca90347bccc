"""Numbers with something around them (`bareNumber` false): `95%`, `€ 95`, `EUR -95`."""

from __future__ import annotations

import re

from casetrail.types.problem import ValueProblem


class Stripper:
    """Finds the number in a text with leading or trailing non-numeric characters.

    "The contents of this field may contain leading and/or trailing non-numeric characters (which
    implementors MUST therefore strip)". A sign is a part of the number: where one stands apart from the
    digits (`-€95`, `95-`) the text is refused, since dropping it would turn the value around.
    """

    def __init__(self, number: re.Pattern[str]) -> None:
        self._whole = re.compile(rf"(?P<before>[^0-9]*?){number.pattern}(?P<after>[^0-9]*)")

    def find(self, text: str) -> re.Match[str] | None:
        """The match of the number, or `None` where there is none or more than one."""
        match = self._whole.fullmatch(text)
        if match is not None and (
            re.search("[+-]", match["before"]) or match["after"].lstrip().startswith(("-", "+"))
        ):
            raise ValueProblem(
                "the sign stands apart from the digits", "write the sign directly before the digits"
            )
        return match
