"""Prose: views as plain text, as `casetrail show` prints them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from casetrail.case.case import Case
from casetrail.case.views.claims import CellClaims, Claim, claim, row_claims
from casetrail.case.views.date_words import date_words, row_order
from casetrail.case.views.disagreements import Disagreement, Version, disagreement
from casetrail.case.views.known_since import AsOf
from casetrail.case.views.labels import (
    cell_words,
    column_kind,
    column_label,
    disclosure_label,
    label,
    people_words,
)
from casetrail.findings.terminal import BOLD, DIM, Paint, plain
from casetrail.findings.visible import visible


def list_prose(case: Case, ids: Sequence[str], width: int = 90, paint: Paint = plain) -> str:
    """Rows in a line each, under the names of their tables."""
    lines: list[str] = []
    table = ""
    for row_id in ids:
        if case.table_of(row_id) != table:
            table = case.table_of(row_id)
            lines += ["", paint(table, BOLD)] if lines else [paint(table, BOLD)]
        lines += _wrap(f"  {row_id}  {label(case, row_id)}", width, "      ")
    return "".join(f"{line}\n" for line in lines)


def row_prose(case: Case, row_id: str, width: int = 90, paint: Paint = plain) -> str:
    """A row in words: its cells, each cell's evidence, and what points at it."""
    if case.table_of(row_id) == "disagreements":
        return disagreement_prose(disagreement(case, row_id), width)
    return "\n".join(_row_lines(case, row_id, width, paint)) + "\n"


def disagreement_prose(disagreement_: Disagreement, width: int = 90) -> str:
    """A disagreement with its versions, who says each, and why one is preferred or none is."""
    return "\n".join(_disagreement_lines(disagreement_, width)) + "\n"


def disagreements_prose(all_of_them: tuple[Disagreement, ...], width: int = 90) -> str:
    """All disagreements, the open ones first."""
    if not all_of_them:
        return "No disagreement between sources is recorded.\n"
    return "\n\n".join(disagreement_prose(item, width).rstrip("\n") for item in all_of_them) + "\n"


def as_of_prose(view: AsOf, full: Case, width: int = 90) -> str:
    """The case on a day: what was known of it, and the sources that are left aside."""
    return "\n".join(_as_of_lines(view, full, width)) + "\n"


def _row_lines(case: Case, row_id: str, width: int, paint: Paint) -> Iterator[str]:
    view = row_claims(case, row_id)
    yield paint(visible(view.label), BOLD)
    yield paint(f"{row_id}, in {view.table}", DIM)
    if view.table == "parties" and (why := disclosure_label(view.cells)):
        yield f"({why})"
    yield ""
    filled = [field for field, value in view.cells.items() if value]
    margin = min(max(len(column_label(case, view.table, field)) for field in filled) + 1, 20)
    for field, value in view.cells.items():
        if value and field != case.specs[view.table].key and not field.endswith("_precision"):
            words = cell_words(case, view.table, view.cells, field)
            shown = f"{words} ({value})" if column_kind(case, view.table, field) == "reference" else words
            name = f"{column_label(case, view.table, field)}:".ljust(margin)
            first, *rest = _wrap(f"  {name} {shown}", width, " " * (margin + 3))
            yield f"  {paint(name, DIM)}{first[2 + len(name) :]}"
            yield from rest
    yield ""
    if view.table == "sources":
        yield from _said_by(case, row_id, width, paint)
    elif not view.claims:
        yield "No evidence names it."
    else:
        yield paint(f"Who says so ({_independent(view.independent)})", BOLD)
        for cell in view.claims:
            yield from _cell_lines(case, cell, width, paint)
    pointers = case.pointers_to(row_id)
    if pointers:
        yield ""
        yield paint("What points at it", BOLD)
        for pointer in pointers:
            where = f"{column_label(case, pointer.table, pointer.field)}, {pointer.table}"
            text = f"  {pointer.row_id}: {label(case, pointer.row_id)} ({where})"
            yield from _wrap(text, width, "      ")


def _said_by(case: Case, source_id: str, width: int, paint: Paint) -> Iterator[str]:
    """What a source supports: each row, cell or disagreement with what the source says of it."""
    cited = [claim(case, claim_) for claim_ in case.rows_with("evidence", "source_id", source_id)]
    if not cited:
        yield "No evidence cites it."
        return
    words = f"What it says ({len(cited)} pieces of evidence)" if len(cited) > 1 else "What it says"
    yield paint(words, BOLD)
    for claim_ in cited:
        about = claim_.row_id or claim_.disagreement_id
        field = f", {column_label(case, claim_.table, claim_.field)}" if claim_.field else ""
        says = f": {claim_.words}" if claim_.words else ""
        text = f"  - {label(case, about)}{field}{says} ({claim_.locator}; {about})"
        yield from _wrap(text, width, "    ")


def _cell_lines(case: Case, cell: CellClaims, width: int, paint: Paint) -> Iterator[str]:
    yield ""
    if cell.field == "":
        yield "  the row as a whole"
    else:
        yield from _wrap(f"  {cell.heading}: {cell.words or 'left empty'}", width, "      ")
    for item in cell.without_disagreement:
        yield from _claim_lines(item, width, "    ", paint)
    for disagreement_id in cell.disagreement_ids:
        for line in _disagreement_lines(disagreement(case, disagreement_id), width - 4):
            yield f"    {line}" if line else ""


def _disagreement_lines(disagreement: Disagreement, width: int) -> Iterator[str]:
    yield from _wrap(f"{disagreement.question} [{disagreement.state}]", width, "  ")
    place = (
        f", on the {disagreement.column} of {disagreement.row} ({disagreement.row_id})"
        if disagreement.field
        else ""
    )
    if not disagreement.field and disagreement.row_id:
        place = f", on {disagreement.row} ({disagreement.row_id})"
    yield from _wrap(f"{disagreement.disagreement_id}{place}", width, "  ")
    yield from _wrap(disagreement.summary, width, "")
    for version in disagreement.versions:
        yield ""
        yield from _version_lines(version, width)


def _version_lines(version: Version, width: int) -> Iterator[str]:
    rank = f" [{version.rank}]" if version.rank else ""
    yield from _wrap(f"  {version.words}{rank}, {_independent(version.independent)}", width, "    ")
    for reason in version.reasons:
        yield from _wrap(f"    why: {reason}", width, "      ")
    for item in version.claims:
        yield from _claim_lines(item, width, "    ")


def _claim_lines(claim: Claim, width: int, indent: str, paint: Paint = plain) -> Iterator[str]:
    parts = [f"{claim.source}, {claim.locator}"]
    if claim.certainty != "stated":
        parts.append(f"{claim.voice} {claim.speaker}".rstrip())
    if claim.relayed_by:
        parts.append(f"through {claim.relayed_by}")
    if claim.as_written:
        parts.append(f"“{claim.as_written}”")
    if claim.repeats:
        parts.append(f"repeats {claim.repeats}, not counted")
    yield from _wrap(f"{indent}- {'; '.join(parts)}", width, f"{indent}  ")
    yield paint(f"{indent}  {claim.source_id}, {claim.evidence_id}", DIM)
    if claim.url:
        yield paint(f"{indent}  {visible(claim.url)}", DIM)
    if claim.archived_url:
        yield paint(f"{indent}  archived: {visible(claim.archived_url)}", DIM)
    if claim.certainty == "inferred" and claim.reason and not claim.disagreement_id:
        yield from _wrap(f"{indent}  because: {claim.reason}", width, f"{indent}    ")
    if claim.note:
        yield from _wrap(f"{indent}  note: {claim.note}", width, f"{indent}    ")


def _as_of_lines(view: AsOf, full: Case, width: int) -> Iterator[str]:
    yield f"The case as sources published by {view.day.isoformat()} knew it"
    yield (
        f"Sources out by then: {len(view.known)}; not known to be out by then: {len(view.undated)}; "
        f"published later: {len(view.later)}"
    )
    for table, spec in view.case.specs.items():
        rows = view.case[table]
        if not spec.evidenced or not full[table]:
            continue
        yield ""
        yield f"{spec.title or table} ({len(rows)} of {len(full[table])})"
        for row_id in sorted(rows, key=lambda key: row_order(view.case, table, rows[key])):
            cells = rows[row_id]
            date = f"{date_words(cells['date']) or 'no date'}: " if "date" in cells else ""
            people = people_words(cells) if "people" in cells else ""
            status = cell_words(view.case, table, cells, "status") if cells.get("status") != "held" else ""
            parts = ", ".join(filter(None, (label(view.case, row_id), people, status)))
            yield from _wrap(f"  {date}{parts} ({row_id})", width, "      ")
    yield ""
    yield f"Not known to be published by then, and left aside ({len(view.undated)})"
    for source_id in view.undated:
        published = date_words(full["sources"][source_id]["published"]) or "undated"
        yield from _wrap(f"  {published}: {label(full, source_id)} ({source_id})", width, "      ")


def _independent(number: int) -> str:
    return f"{number} independent origin" + ("" if number == 1 else "s")


def _wrap(text: str, width: int, indent: str) -> list[str]:
    lead = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        visible(text.strip()),
        max(width, 30),
        initial_indent=lead,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
