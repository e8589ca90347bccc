"""Prose: views as plain text, as `casetrail show` prints them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from casetrail.case.case import Case
from casetrail.case.tables import TABLES
from casetrail.case.views.as_of import AsOf
from casetrail.case.views.claims import CellClaims, Claim, row_claims
from casetrail.case.views.disputes import Dispute, Version, dispute
from casetrail.case.views.words import column_words, disclosure_words, label, value_words


def row_prose(case: Case, row_id: str, width: int = 90) -> str:
    """A row in words: its cells, what points at it, and each cell's evidence."""
    if case.table_of(row_id) == "disagreements":
        return dispute_prose(dispute(case, row_id), width)
    return "\n".join(_row_lines(case, row_id, width)) + "\n"


def dispute_prose(one: Dispute, width: int = 90) -> str:
    """A question with its versions, who says each, and why one is preferred or none is."""
    return "\n".join(_dispute_lines(one, width)) + "\n"


def disputes_prose(all_of_them: tuple[Dispute, ...], width: int = 90) -> str:
    """All questions, the open ones first."""
    if not all_of_them:
        return "No disagreement between sources is recorded.\n"
    return "\n\n".join(dispute_prose(one, width).rstrip("\n") for one in all_of_them) + "\n"


def as_of_prose(view: AsOf, full: Case, width: int = 90) -> str:
    """The case on a day: what was known of it, and the sources that are left aside."""
    return "\n".join(_as_of_lines(view, full, width)) + "\n"


def _row_lines(case: Case, row_id: str, width: int) -> Iterator[str]:
    view = row_claims(case, row_id)
    yield view.label
    yield f"{row_id}, in {view.table}"
    if view.table == "parties" and (why := disclosure_words(view.cells)):
        yield f"({why})"
    yield ""
    for field, value in view.cells.items():
        if value and field != TABLES[view.table].TABLE.key:
            words = value_words(case, view.table, field, value)
            shown = f"{words} ({value})" if words != value and "-" in value else words
            yield from _wrap(f"  {column_words(field)}: {shown}", width, "      ")
    pointers = case.pointers_to(row_id)
    if pointers:
        yield ""
        yield "What points at it"
        for pointer in pointers:
            where = f"{column_words(pointer.field)}, {pointer.table}"
            text = f"  {pointer.row_id}: {label(case, pointer.row_id)} ({where})"
            yield from _wrap(text, width, "      ")
    yield ""
    if view.table == "sources":
        yield from _said_by(case, row_id, width)
        return
    if not view.claims:
        yield "No evidence names it."
        return
    yield f"Who says so ({_independent(view.independent)})"
    for cell in view.claims:
        yield from _cell_lines(case, cell, width)


def _said_by(case: Case, source_id: str, width: int) -> Iterator[str]:
    """What a source supports: each row, cell or question with what the source says of it."""
    cited = [one for one in case["evidence"].values() if one["source_id"] == source_id]
    if not cited:
        yield "No evidence cites it."
        return
    yield f"What it says ({len(cited)} pieces of evidence)" if len(cited) > 1 else "What it says"
    for one in cited:
        about = label(case, one["row_id"] or one["disagreement_id"])
        field = f", {column_words(one['field'])}" if one["field"] else ""
        words = value_words(case, one["table"], one["field"], one["value"])
        says = f": {words}" if words else ""
        text = f"  - {about}{field}{says} ({one['locator']}; {one['row_id'] or one['disagreement_id']})"
        yield from _wrap(text, width, "    ")


def _cell_lines(case: Case, cell: CellClaims, width: int) -> Iterator[str]:
    yield ""
    if cell.field == "":
        yield "  the row as a whole"
    else:
        yield from _wrap(f"  {column_words(cell.field)}: {cell.words or 'left empty'}", width, "      ")
    undisputed = [claim for claim in cell.claims if not claim.disagreement_id]
    for claim in undisputed:
        yield from _claim_lines(claim, width, "    ")
    for disagreement_id in cell.disagreement_ids:
        for line in _dispute_lines(dispute(case, disagreement_id), width - 4):
            yield f"    {line}" if line else ""


def _dispute_lines(one: Dispute, width: int) -> Iterator[str]:
    yield from _wrap(f"{one.question} [{one.state}]", width, "  ")
    place = f", on the {column_words(one.field)} of {one.row} ({one.row_id})" if one.field else ""
    if not one.field and one.row_id:
        place = f", on {one.row} ({one.row_id})"
    yield from _wrap(f"{one.disagreement_id}{place}", width, "  ")
    yield from _wrap(one.summary, width, "")
    for version in one.versions:
        yield ""
        yield from _version_lines(version, width)


def _version_lines(version: Version, width: int) -> Iterator[str]:
    rank = f" [{version.rank}]" if version.rank else ""
    yield from _wrap(f"  {version.words}{rank}, {_independent(version.independent)}", width, "    ")
    for reason in version.reasons:
        yield from _wrap(f"    why: {reason}", width, "      ")
    for claim in version.claims:
        yield from _claim_lines(claim, width, "    ")


def _claim_lines(claim: Claim, width: int, indent: str) -> Iterator[str]:
    voice = {
        "stated": "",
        "alleged": f"; reports a claim of {claim.speaker}",
        "inferred": "; inferred by us",
    }.get(claim.certainty, "")
    written = f"; “{claim.as_written}”" if claim.as_written else ""
    yield from _wrap(f"{indent}- {claim.source}, {claim.locator}{voice}{written}", width, f"{indent}  ")
    yield f"{indent}  {claim.source_id}, {claim.evidence_id}"
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
    for table in ("events", "charges", "measures", "responses", "parties"):
        rows = view.case[table]
        yield ""
        yield f"{TABLES[table].TABLE.title} ({len(rows)} of {len(full[table])})"
        for row_id in sorted(rows, key=lambda key: (rows[key].get("date", "").strip("[].") or "~", key)):
            date = f"{rows[row_id]['date'] or 'no date'}: " if "date" in rows[row_id] else ""
            people = f", {rows[row_id]['people']} people" if rows[row_id].get("people") else ""
            status = rows[row_id].get("status", "") if table == "events" else ""
            stage = f", {status}" if status not in ("", "held") else ""
            yield from _wrap(f"  {date}{label(view.case, row_id)}{people}{stage} ({row_id})", width, "      ")
    yield ""
    yield f"Not known to be published by then, and left aside ({len(view.undated)})"
    for source_id in view.undated:
        published = full["sources"][source_id]["published"] or "undated"
        yield from _wrap(f"  {published}: {label(full, source_id)} ({source_id})", width, "      ")


def _independent(number: int) -> str:
    return f"{number} independent origin" + ("" if number == 1 else "s")


def _wrap(text: str, width: int, indent: str) -> list[str]:
    lead = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        text.strip(),
        max(width, 30),
        initial_indent=lead,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
