"""Evidence questions: claims for one row, and the versions of a disagreement from claims that are there."""

from __future__ import annotations

from casetrail.case.views.labels import cell_words, column_label, label, source_label
from casetrail.curate.additions import EVIDENCE
from casetrail.curate.asked_columns import AskedColumns
from casetrail.curate.column_questions import TIE, ColumnQuestions, Entry
from casetrail.curate.prompts import Choice, Question
from casetrail.curate.row_problems import value_problem
from casetrail.findings.error import CasetrailError


def ask_about(questions: ColumnQuestions, entry: Entry) -> None:
    """Ask which row, and which of its cells, evidence is for."""
    case = questions.case
    if "row_id" not in entry:
        tables = [spec.name for spec in case.specs.values() if spec.evidenced]
        choices = [choice for name in tables for choice in questions.rows(name)]
        meaning = "The row that it is about."
        entry["row_id"] = questions.terminal.ask(Question("row", meaning, needed=True, choices=choices))
    if "field" not in entry:
        spec, row = case.specs[case.table_of(entry["row_id"])], case.row(entry["row_id"])
        choices = [
            Choice(
                name,
                column_label(case, spec.name, name),
                cell_words(case, spec.name, row, name) or "(empty)",
            )
            for name in spec.columns
            if name not in (spec.key, "note") and not name.endswith("_precision")
        ]
        meaning = "The column whose cell it is about; empty where it is about the row as a whole."
        entry["field"] = questions.terminal.ask(Question("column", meaning, choices=choices))


def ask_evidence(questions: ColumnQuestions, entry: Entry) -> None:
    """Ask for a claim, and whether it is a version of a disagreement on its cell."""
    ask_about(questions, entry)
    questions.ask_claim(entry)
    case = questions.case
    cell = [row for row in case.evidence_rows(entry["row_id"]) if row["field"] == entry["field"]]
    ids = list(dict.fromkeys(row["disagreement_id"] for row in cell if row["disagreement_id"]))
    if ids and "disagreement_id" not in entry:
        choices = [Choice(key, label(case, key), key) for key in ids]
        meaning = "Sources differ on this. Is the claim one of the versions?"
        entry["disagreement_id"] = questions.terminal.ask(Question("disagreement", meaning, choices=choices))
    if entry.get("disagreement_id"):
        state = case["disagreements"][entry["disagreement_id"]]["state"]
        _ask_version(questions, entry, entry, state, "")


def ask_versions(questions: ColumnQuestions, entry: Entry) -> None:
    """Ask which claims are the versions of a disagreement, what each says, and how it is ranked.

    Each is in the entry as soon as it is chosen.

    Raises:
        CasetrailError: There are not two claims that could differ.
    """
    case, terminal = questions.case, questions.terminal
    parts: list[Entry] = entry.setdefault(EVIDENCE, [])
    if any(part.get("evidence_id") not in case["evidence"] for part in parts):
        return
    terminal.say("")
    terminal.say("The claims that are its versions", "name")
    about: Entry = {}
    if parts:
        first = case["evidence"][parts[0]["evidence_id"]]
        about = {"row_id": first["row_id"], "field": first["field"]}
    ask_about(questions, about)
    claims = [
        row
        for row in case.evidence_rows(about["row_id"])
        if row["field"] == about["field"] and not row["disagreement_id"]
    ]
    if len(claims) < 2:
        raise CasetrailError(
            f"on {about['row_id']}{', ' if about['field'] else ''}{about['field']} there are fewer than two "
            "claims that could differ; add them with `casetrail new evidence`"
        )
    filled = case.row(about["row_id"]).get(about["field"], "")

    def ask_version(part: Entry) -> None:
        value = case["evidence"][part["evidence_id"]]["value"] or filled
        _ask_version(questions, part, about, str(entry["state"]), value)

    for part in parts:
        ask_version(part)
    while rest := [
        row for row in claims if row["evidence_id"] not in {part["evidence_id"] for part in parts}
    ]:
        choices = [
            Choice(
                row["evidence_id"],
                f"{source_label(case, row['source_id'])}, {row['locator']}",
                row["value"] or row["as_written"] or row["evidence_id"],
                row["evidence_id"],
            )
            for row in rest
        ]
        needed = len(parts) < 2
        name = f"version {len(parts) + 1}" + ("" if needed else " (Enter: no more)")
        chosen = terminal.ask(Question(name, needed=needed, choices=choices))
        if not chosen:
            break
        parts.append({"evidence_id": chosen})
        ask_version(parts[-1])


def _ask_version(questions: ColumnQuestions, part: Entry, about: Entry, state: str, default: str) -> None:
    """Ask what a version says and, by the state of the question, how it is ranked and why."""
    spec = questions.case.specs[EVIDENCE]
    asked = AskedColumns(spec)
    table = questions.case.specs[questions.case.table_of(about["row_id"])]
    answers = {"disagreement_id": TIE, "certainty": "stated"}

    def judge(text: str) -> str | None:
        problem = value_problem(table, about["field"], text) if text and about["field"] else None
        return problem or asked.problem("value", text, answers)

    if "value" not in part:
        meaning = spec.columns["value"].description or ""
        question = Question("value", meaning, default=default, needed=True, judge=judge)
        part["value"] = questions.terminal.ask(question)
    answers["value"] = part["value"]
    for name in ("rank", "reason") if state == "settled" else ("reason",):
        wanted = name == "rank" or state == "compatible" or asked.is_needed(name, answers)
        if name not in part and wanted:
            part[name] = questions.ask(asked, name, answers)
        answers[name] = part.get(name, "")
