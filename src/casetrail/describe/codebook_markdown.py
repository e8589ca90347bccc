"""The codebook as Markdown (`codebook.md`), readable as it is and as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from casetrail.describe.markdown_text import cell, code, paragraph, table_rows
from casetrail.languages.words import say, say_amount, say_number


def markdown(document: dict[str, Any]) -> str:
    """The text, from the value that `codebook_document` makes."""
    return "\n\n".join(_parts(document)) + "\n"


def _parts(document: dict[str, Any]) -> Iterator[str]:
    yield "# " + say("Codebook: %(title)s", title=paragraph(document["title"]))
    if document["translation"]:
        yield f"*{document['translation']}*"
    if document["citation"]:
        version = say("Version %(version)s of %(day)s.", version=document["version"], day=document["created"])
        yield version + " " + say("Cite as:")
        yield f"> {paragraph(document['citation'])}"
    if document["description"]:
        yield paragraph(document["description"])
    yield "## " + say("The tables")
    yield table_rows(
        (say("table"), say("rows"), say("a row is"), say("file")),
        (
            (_link(table["name"]), _number(table["rows"]), cell(table["description"]), code(table["path"]))
            for table in document["tables"]
        ),
    )
    diagram = list(_diagram(document["tables"]))
    if diagram:
        yield "\n".join(("```mermaid", "erDiagram", *diagram, "```"))
    yield "## " + say("How to read the tables")
    yield "\n".join(f"- {line}" for line in document["howToRead"])
    described: dict[Any, str] = {}
    for table in document["tables"]:
        yield from _table(table, {table["name"] for table in document["tables"]}, described)


def _diagram(tables: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Each reference as a line, read as "many events to one place"."""
    for table in tables:
        for column in table["columns"]:
            targets = [column["refersTo"]["table"]] if column["refersTo"] else column["keyOf"]
            for target in targets:
                yield f"  {_word(table['name'])} }}o--o| {_word(target)} : {_word(column['name'])}"


def _word(name: str) -> str:
    """A name in the language of the diagram, in which others could end a line or begin a command."""
    return '"' + "".join(letter if letter.isalnum() or letter in "_-. " else "_" for letter in name) + '"'


def _table(table: dict[str, Any], names: set[str], described: dict[Any, str]) -> Iterator[str]:
    yield f"## {table['name']}"
    yield "\n".join(f"- {line}" for line in _facts(table))
    rows = table["rows"]
    has_counts = bool(rows) and table["columns"][0]["empty"] is not None
    yield table_rows(
        (
            *(say("column"), say("type"), say("required"), say("meaning"), say("example")),
            *([say("empty")] if has_counts else []),
        ),
        (
            (
                code(column["name"]),
                cell(column["type"]),
                say("yes") if column["required"] else "",
                cell(_meaning(column, names)),
                "" if column["example"] is None else code(_example(column["example"])),
                *([share(column["empty"], rows)] if has_counts else []),
            )
            for column in table["columns"]
        ),
    )
    for column in table["columns"]:
        yield from _terms(column, table, described)
    if table["rules"]:
        yield "### " + say("Rules of %(table)s", table=code(table["name"]))
        yield "\n".join(_rule(rule) for rule in table["rules"])


def _facts(table: dict[str, Any]) -> Iterator[str]:
    if table["description"]:
        yield say("A row is: %(row)s", row=paragraph(table["description"]))
    path = say("File: %(file)s", file=code(table["path"]))
    rows = [] if table["rows"] is None else [say_number("%(num)s row", "%(num)s rows", table["rows"])]
    yield ", ".join((path, *rows))
    if table["primaryKey"]:
        yield say("Primary key: %(columns)s", columns=_columns(table["primaryKey"]))
    for unique in table["uniqueKeys"]:
        yield say("Unique together: %(columns)s", columns=_columns(unique))
    if table["referredToBy"]:
        referring = (f"{_link(key['table'])}.{_columns(key['columns'])}" for key in table["referredToBy"])
        yield say("Pointed at by: %(columns)s", columns=", ".join(referring))


def _meaning(column: dict[str, Any], names: set[str]) -> str:
    parts = [column["description"]]
    reference = column["refersTo"]
    if reference is not None:
        target = reference["table"]
        there = f"{_link(target) if target in names else target}.`{reference['column']}`"
        parts.append(say("Points at %(table)s.", table=there))
    if column["keyOf"]:
        there = say(" or ").join(_link(name) if name in names else name for name in column["keyOf"])
        parts.append(say("Points at %(table)s.", table=there))
    if column["origin"]:
        parts.append(say("After: %(origin)s.", origin=column["origin"]))
    if column["missingValues"] != [""]:
        texts = (code(text) if text else say("an empty cell") for text in column["missingValues"])
        parts.append(say("No value: %(texts)s.", texts=", ".join(texts) or say("never")))
    return " ".join(part for part in parts if part)


def _terms(column: dict[str, Any], table: dict[str, Any], described: dict[Any, str]) -> Iterator[str]:
    terms = column["terms"]
    if not terms:
        return
    here = f"{table['name']}.{column['name']}"
    yield "### " + say("Terms of %(column)s", column=code(here))
    has_counts = bool(table["rows"]) and terms[0]["rows"] is not None
    same = tuple((term["value"], term["description"]) for term in terms)
    if same in described:
        heading = say("Terms of %(column)s", column=described[same])
        those = f"[{heading}](#{_anchor(heading)})"
        yield say("The same as: %(terms)s.", terms=those)
        if has_counts:
            used = [
                f"{code(str(term['value']))} {say_amount(term['rows'])}" for term in terms if term["rows"]
            ]
            yield say("In how many rows: %(terms)s.", terms=", ".join(used) or say("none"))
        return
    described[same] = here
    if column["ordered"]:
        yield say("In their order, from the first to the last:")
    heads: dict[str, Callable[[dict[str, Any]], str]] = {say("term"): lambda term: code(str(term["value"]))}
    if any(term["label"] and not _says_the_same(term) for term in terms):
        heads[say("label")] = lambda term: "" if _says_the_same(term) else cell(term["label"])
    heads[say("definition")] = lambda term: cell(term["description"])
    if any(term["narrows"] for term in terms):
        heads[say("narrows")] = lambda term: code(term["narrows"]) if term["narrows"] else ""
    if any(term["origin"] for term in terms):
        heads[say("taken from")] = lambda term: cell(term["origin"])
    if has_counts:
        heads[say("rows")] = lambda term: f"{say_amount(term['rows'])}"
    yield table_rows(list(heads), ([show(term) for show in heads.values()] for term in terms))
    unused = [code(str(term["value"])) for term in terms if term["rows"] == 0]
    if has_counts and unused:
        yield say("Not used here: %(terms)s.", terms=", ".join(unused))


def _rule(rule: dict[str, str]) -> str:
    words = (
        " ".join((rule["description"], say("In the columns:"), rule["condition"])) + "."
        if rule["condition"]
        else rule["description"]
    )
    return f"- {code(rule['name'])}: {paragraph(words)}"


def share(empty: int, rows: int) -> str:
    """How much of a column is empty: nothing where all is filled, else `30 %`, `<1 %` or `>99 %`."""
    if not empty:
        return ""
    percent = round(100 * empty / rows)
    if empty < rows and percent in (0, 100):
        return "<1 %" if percent == 0 else ">99 %"
    return f"{percent} %"


def _says_the_same(term: dict[str, Any]) -> bool:
    """Whether the label is the value over again, but for case, blanks and underscores."""
    value, label = str(term["value"]), term["label"] or ""
    return value.replace("_", " ").casefold() == label.replace("_", " ").casefold()


def _columns(names: Sequence[str]) -> str:
    return ", ".join(code(name) for name in names)


def _example(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _number(rows: int | None) -> str:
    return "" if rows is None else say_amount(rows)


def _link(table: str) -> str:
    return f"[{cell(table)}](#{_anchor(table)})"


def _anchor(heading: str) -> str:
    """The anchor that GitHub, GitLab and Pandoc give to a heading."""
    kept = "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")
