"""People who are not named: what is written of them in spite of that is in no finding and in no record shown.

Which rows these are is known when all tables were read, so it is taken out of the whole report then. Where it
is not known of a row, as of a record that cannot be read, the row is taken for one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import pyarrow as pa

from casetrail.case.name_folding import fold_name, name_pattern, searchable
from casetrail.case.rules.base import CollectedColumns
from casetrail.findings.excerpt import Excerpt, Source
from casetrail.findings.finding import Finding
from casetrail.findings.place import Place

_WHOLE_WORD_BELOW = 4
"""Letters below which a name is sought as a whole word, and no word of it alone."""
_LONGEST_RECORD = 20_000
"""Characters of a record in which names are sought; of a longer one nothing is shown."""


class PeopleRows(NamedTuple):
    """The rows of a table about people: which of them may be shown, and which columns are `plain`.

    A plain column cannot well name anybody. A record that could not be read may be about anybody, and so may
    a first line without the name of the column `key`: it may be a record, where the header should be.
    """

    rows: CollectedColumns
    shown: pa.ChunkedArray
    plain: frozenset[str]
    key: str

    def hides(self, place: Place) -> bool:
        """Whether a cell could name somebody who is not named."""
        if place.line in (None, 1):
            return False
        record = self.rows.record_at(place.path, place.line)
        if record is None:
            return True
        return place.field not in self.plain and not self.shown[record].as_py()

    def shows(self, path: str, line: int, text: str) -> bool:
        """Whether the record that starts on a line may be shown."""
        if line == 1:
            return self.key in text
        record = self.rows.record_at(path, line)
        return record is not None and bool(self.shown[record].as_py())


class Undisclosed(NamedTuple):
    """Takes out of findings and records what could name somebody who is not named.

    `people` are the tables about people by path, `names` what finds a name that is not to be shown.
    """

    people: dict[str, PeopleRows]
    names: tuple[re.Pattern[str], ...]

    def redact(self, finding: Finding, meaning: str) -> Finding:
        """The finding without what it must not show; `meaning` says of its code what it means."""
        place, related = self._masked(finding.place), finding.related
        message = meaning if self._says(finding.message) else finding.message
        hint = None if self._says(finding.hint) else finding.hint
        if related is not None:
            related = self._masked(related)
            related = replace(related, value=None) if related.sensitive else related
        return replace(finding, message=message, hint=hint, place=place, related=related)

    def source(self, source: Source) -> Source:
        """The records, without those that may not be shown."""

        def shown(path: str, line: int) -> Excerpt | None:
            excerpt = source(path, line)
            if excerpt is None or len(excerpt.text) > _LONGEST_RECORD or self._says(excerpt.text):
                return None
            people = self.people.get(path)
            return excerpt if people is None or people.shows(path, line, excerpt.text) else None

        return shown

    def _masked(self, place: Place) -> Place:
        people = self.people.get(place.path or "")
        sensitive = place.sensitive or (people is not None and people.hides(place))
        key = "…" if self._says(place.key) else place.key
        return replace(place, key=key, sensitive=sensitive or key == "…" or self._says(place.value))

    def _says(self, text: str | None) -> bool:
        if not text or not self.names:
            return False
        folded = searchable(text)
        return any(name.search(folded) for name in self.names)


def patterns_of(names: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """What finds each of these names, and each longer word of one, however it is written."""
    folded = {fold_name(name) for name in names}
    sought = folded | {word for name in folded for word in name.split() if len(word) >= _WHOLE_WORD_BELOW}
    return tuple(name_pattern(name, _WHOLE_WORD_BELOW) for name in sorted(sought) if len(name) > 1)
