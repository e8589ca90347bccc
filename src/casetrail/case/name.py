"""Names: spellings of the names of parties and places."""

from __future__ import annotations

from typing import ClassVar

from casetrail.case.columns import AnyKey, LanguageTag, ScriptCode, Text, column
from casetrail.case.keys import NameId
from casetrail.case.row import Row, Table


class Name(Row):
    """One spelling of a party's or a place's name."""

    TABLE: ClassVar[Table] = Table(name="names", singular="name", prefix="na", title="Names", evidenced=False)

    name_id: NameId = column("The id of the spelling.", example="na-taldykorgan-kk", required=True)
    subject_id: AnyKey = column(
        "The party or the place whose name it is.", example="pl-taldykorgan", required=True
    )
    name: Text = column("The spelling.", example="Талдықорған", required=True)
    language: LanguageTag | None = column(
        "The language in which it is spelled so, where known.", example="kk", source="BCP 47"
    )
    script: ScriptCode = column("The script.", example="Cyrl", required=True, source="ISO 15924")
    romanization: Text | None = column(
        "The name in Latin letters, for a spelling in another script.", example="Taldyqorghan"
    )
    note: Text | None = column(
        "What a reader should know besides.", example="Machine transliteration.", free_text=True
    )
