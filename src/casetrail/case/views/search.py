"""Search: rows found by words of their names, titles and ids, in any script and any order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from casetrail.case.case import Case, TextRow
from casetrail.case.name_folding import fold_name
from casetrail.case.views.labels import label


class RowSearch:
    """The rows of a case, to be searched many times."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.text = cache(self._text)
        """What a row of a table, by its id, is found by, folded: its name or title, its spellings, its id."""

    def find(self, words: str, tables: Iterable[str] | None = None, *, labels: bool = False) -> list[str]:
        """The ids of the rows in which every word is, those first whose text begins with the words.

        With `labels` a row is also found by how it is called: the part of somebody in an event by the name of
        that person. Claims and spellings are sought only where `tables` says so: a spelling leads to what it
        is the name of.
        """
        sought = fold_name(words)
        if not sought:
            return []
        names = [name for name in self._case.specs if name not in ("evidence", "names")]
        hits: list[tuple[bool, str]] = []
        for table in names if tables is None else tables:
            for row_id in self._case[table]:
                text = self.text(table, row_id)
                if labels:
                    text = f"{text} {fold_name(label(self._case, row_id))}"
                if all(word in text for word in sought.split()):
                    hits.append((f" {sought}" not in f" {text}", row_id))
        return [row_id for _, row_id in sorted(hits, key=lambda hit: hit[0])]

    def _text(self, table: str, row_id: str) -> str:
        cells = self._case[table][row_id]
        texts = [*self._own_texts(table, cells), row_id, row_id.replace("-", "")]
        for spelling in self._case.rows_with("names", "subject_id", row_id):
            texts += [spelling["name"], spelling["romanization"]]
        return " ".join(filter(None, map(fold_name, texts)))

    def _own_texts(self, table: str, cells: TextRow) -> Iterable[str]:
        """The cells whose own words call the row something: no prose, term, code or reference."""
        spec = self._case.specs[table]
        for name, field in spec.columns.items():
            plain = field.type == "string" and not (field.vocabulary or field.code_list or field.is_edtf)
            called = any(f"{{{name}" in template or f"|{name}" in template for template in spec.label)
            if plain and name not in spec.pointers and name != spec.key and (called or not field.free_text):
                yield cells[name]
