"""Claims: what sources say for a row, cell by cell, and whose word each claim is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casetrail.case.case import Case, TextRow
from casetrail.case.views.labels import cell_words, column_label, label, source_label, value_words
from casetrail.languages.words import say


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of evidence, ready to be read.

    `value` is as the cell would hold it, `precision` says how a number is meant, and `words` is both as
    people read them; all are `""` where the evidence is for the whole row. `speaker` is the party whose claim
    the source reports and `relayed_by` the link between the two, `""` where there is none. `origin` is the id
    of the party, newsroom or source whose word it is. `repeats` is the claim that it only repeats: such a
    claim is shown and not counted.
    """

    evidence_id: str
    table: str
    row_id: str
    field: str
    source_id: str
    source: str
    source_label: str
    url: str
    archived_url: str
    language: str
    speaker_id: str
    speaker: str
    relayed_by: str
    locator: str
    certainty: str
    value: str
    precision: str
    words: str
    as_written: str
    rank: str
    reason: str
    note: str
    disagreement_id: str
    origin: str
    repeats: str

    @property
    def voice(self) -> str:
        """In whose voice it is said; the name of the `speaker`, where there is one, is to follow."""
        match self.certainty:
            case "alleged":
                return say("reports a claim of")
            case "inferred":
                return say("inferred by us from words of") if self.speaker_id else say("inferred by us")
            case _:
                return say("stated")


@dataclass(frozen=True, slots=True)
class CellClaims:
    """The claims for one cell, or for the row as a whole; `field` and `heading`, its words, are then `""`."""

    field: str
    heading: str
    value: str
    words: str
    claims: tuple[Claim, ...]

    @property
    def independent(self) -> int:
        """How many origins there are: the same party, or copies of one text, count once."""
        return len(origins(self.claims))

    @property
    def disagreement_ids(self) -> tuple[str, ...]:
        """The disagreements about the cell."""
        return tuple(dict.fromkeys(claim.disagreement_id for claim in self.claims if claim.disagreement_id))

    @property
    def without_disagreement(self) -> tuple[Claim, ...]:
        """The claims that are no version of a disagreement."""
        return tuple(claim for claim in self.claims if not claim.disagreement_id)


@dataclass(frozen=True, slots=True)
class RowClaims:
    """A row with the claims for it: the row as a whole first, then its cells in the order of the table."""

    table: str
    row_id: str
    label: str
    cells: TextRow
    claims: tuple[CellClaims, ...]

    @property
    def independent(self) -> int:
        """How many origins there are for the row or any of its cells."""
        return len(origins(claim for cell in self.claims for claim in cell.claims))

    @property
    def evidence_ids(self) -> list[str]:
        """The ids of all claims, those of disagreements too."""
        return [claim.evidence_id for cell in self.claims for claim in cell.claims]


def claim(case: Case, evidence: TextRow) -> Claim:
    """A row of `evidence` as a claim."""
    table, field, value = evidence["table"], evidence["field"], evidence["value"]
    speaker, relay = evidence["attributed_to"], evidence.get("relayed_by", "")
    precision = evidence.get("value_precision", "") or _precision(case, evidence)
    source = case["sources"].get(evidence["source_id"], {})
    return Claim(
        evidence_id=evidence["evidence_id"],
        table=table,
        row_id=evidence["row_id"],
        field=field,
        source_id=evidence["source_id"],
        source=label(case, evidence["source_id"]),
        source_label=source_label(case, evidence["source_id"]),
        url=source.get("url", ""),
        archived_url=source.get("archived_url", ""),
        language=source.get("language", ""),
        speaker_id=speaker,
        speaker=label(case, speaker) if speaker else "",
        relayed_by=label(case, relay) if relay else "",
        locator=evidence["locator"],
        certainty=evidence["certainty"],
        value=value,
        precision=precision,
        words=value_words(case, table, field, value, precision) if value else "",
        as_written=evidence["as_written"],
        rank=evidence["rank"],
        reason=evidence["reason"],
        note=evidence["note"],
        disagreement_id=evidence["disagreement_id"],
        origin=origin(case, evidence),
        repeats=evidence.get("repeats", ""),
    )


def claims(case: Case) -> Iterator[Claim]:
    """Every claim, in the order of the table."""
    return (claim(case, evidence) for evidence in case["evidence"].values())


def row_claims(case: Case, row_id: str) -> RowClaims:
    """What sources say for a row and each of its cells.

    Raises:
        CasetrailError: For an unknown id.
    """
    table = case.table_of(row_id)
    cells = case.row(row_id)
    by_field: dict[str, list[Claim]] = {}
    for evidence in case.evidence_rows(row_id):
        by_field.setdefault(evidence["field"], []).append(claim(case, evidence))
    order = {field: place for place, field in enumerate(("", *case.specs[table].columns))}
    return RowClaims(
        table=table,
        row_id=row_id,
        label=label(case, row_id),
        cells=cells,
        claims=tuple(
            CellClaims(
                field,
                column_label(case, table, field) if field else "",
                cells.get(field, ""),
                cell_words(case, table, cells, field),
                tuple(mine),
            )
            for field, mine in sorted(by_field.items(), key=lambda item: (order.get(item[0], 999), item[0]))
        ),
    )


def origin(case: Case, evidence: TextRow) -> str:
    """Whose word a claim is, as the id of a party or of a source, or the name of a newsroom.

    The party to whom the source attributes it. Else, of the source from which the passage is taken, or of the
    page itself: who issued the text at the root of what it derives from; the newsroom of that text; the text.
    """
    if evidence["attributed_to"]:
        return evidence["attributed_to"]
    root = root_source(case, evidence.get("origin_id", "") or evidence["source_id"])
    cells = case["sources"].get(root, {})
    return cells.get("issued_by", "") or cells.get("newsroom", "") or root


def origins(claims: Iterable[Claim]) -> set[str]:
    """Whose word the claims are; a claim that only repeats another does not count."""
    return {claim.origin for claim in claims if not claim.repeats}


def root_source(case: Case, source_id: str) -> str:
    """The source from which this one was made in the end; in a circle, the first of its ids."""
    passed = [source_id]
    while True:
        original = case["sources"].get(passed[-1], {}).get("derived_from", "")
        if not original:
            return passed[-1]
        if original in passed:
            return min(passed[passed.index(original) :])
        passed.append(original)


def _precision(case: Case, evidence: TextRow) -> str:
    """How a number is meant where only the cell says so: for the value that the cell has."""
    row = case.tables.get(evidence["table"], {}).get(evidence["row_id"], {})
    return (
        row.get(f"{evidence['field']}_precision", "")
        if row.get(evidence["field"]) == evidence["value"]
        else ""
    )
