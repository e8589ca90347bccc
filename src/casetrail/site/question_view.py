"""QuestionView: the disagreements as the page shows them, each version with the origins that say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from casetrail.case.case import Case
from casetrail.case.profile import Term
from casetrail.case.views.claims import Claim
from casetrail.case.views.disagreements import Disagreement, Version, disagreements
from casetrail.case.views.labels import is_curated_value, label, term_label
from casetrail.languages.words import say
from casetrail.site.as_of import AsOfDays


class QuestionView:
    """The questions on which sources differ."""

    def __init__(self, case: Case, as_of: AsOfDays) -> None:
        self._case = case
        self._as_of = as_of

    @cached_property
    def all(self) -> tuple[Disagreement, ...]:
        """The disagreements: the open ones first, and those of which most is said."""
        return disagreements(self._case)

    @cached_property
    def open(self) -> list[Disagreement]:
        """The open questions, those of which most is said first."""
        return [question for question in self.all if question.state == "open"]

    @cached_property
    def states(self) -> list[tuple[Term, int]]:
        """The states of questions with the number of those that are in it."""
        states = self._case.specs["disagreements"].columns["state"].vocabulary
        counts = Counter(question.state for question in self.all)
        return [(term, counts[state]) for state, term in states.items() if counts[state]]

    @cached_property
    def _asked_of_rows(self) -> Counter[str]:
        return Counter(question.row_id for question in self.all)

    def topic(self, question: Disagreement) -> str:
        """What a question is about: its row where several are about it, else the table of the row."""
        return question.row_id if self._asked_of_rows[question.row_id] > 2 else question.table

    @cached_property
    def topics(self) -> list[tuple[str, str, int]]:
        """The topics of the questions in words, the most frequent first, with how many are about each."""
        counts = Counter(map(self.topic, self.all))
        words = {
            topic: (self._case.specs[topic].title or topic)
            if topic in self._case.specs
            else label(self._case, topic)
            for topic in counts
        }
        listed = [
            (topic, words[topic] or say("What no cell holds"), number) for topic, number in counts.items()
        ]
        return sorted(listed, key=lambda topic: (-topic[2], topic[1]))

    @cached_property
    def speakers(self) -> list[tuple[str, int]]:
        """The origins that speak on several questions, by name, with how many these are."""
        counts = Counter(
            name
            for question in self.all
            for name in {self.origin(claim) for version in question.versions for claim in version.claims}
        )
        return sorted((name, number) for name, number in counts.items() if number > 2)

    def origins(self, claims: Iterable[Claim]) -> list[Claim]:
        """For each origin of claims, the claim by which it was known first."""
        by_origin: dict[str, list[str]] = {}
        by_id = {claim.evidence_id: claim for claim in claims}
        for claim in by_id.values():
            if not claim.repeats:
                by_origin.setdefault(claim.origin, []).append(claim.evidence_id)
        return [by_id[key] for key in self._as_of.ordered(map(self._as_of.earliest, by_origin.values()))]

    def origin(self, claim: Claim) -> str:
        """Whose word a claim is, in words; a source by its publisher, without what is in brackets."""
        source = self._case["sources"].get(claim.origin)
        return (source["publisher"] if source else label(self._case, claim.origin)).partition(" (")[0]

    def is_curated(self, question: Disagreement, version: Version) -> bool:
        """Whether a version is in the words of the curators, and no number, date or term."""
        return not version.precision and is_curated_value(
            self._case, question.table, question.field, version.value
        )

    def rank(self, rank: str) -> str:
        """What we hold of a version, in words."""
        return term_label(self._case, "evidence", "rank", rank)

    def shares(self, question: Disagreement) -> list[tuple[float, float]]:
        """Where the share of each version among the origins begins, and how wide it is, in per cent."""
        total = sum(version.independent for version in question.versions) or 1
        parts, begin = [], 0.0
        for version in question.versions:
            width = version.independent / total * 100
            parts.append((begin, width))
            begin += width
        return parts
