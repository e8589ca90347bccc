"""Sources: documents that were read, and originals known through them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import Edtf, LanguageTag, References, Text, Url, column
from casetrail.case.keys import SourceId
from casetrail.case.row import Row, Table
from casetrail.case.terms import Derivation, Read, SourceKind
from casetrail.checks.conditions import AnyOf, Filled, OneOf
from casetrail.checks.row_rules import Differ, Together, WhenThen


class Source(Row):
    """A document that was read, or an original that is known only through copies."""

    TABLE: ClassVar[Table] = Table(
        name="sources",
        singular="source",
        prefix="so",
        title="Sources",
        evidenced=False,
        rules=(
            Together(
                "source-derivation-with-origin",
                "A source that derives from another says from which and how.",
                ("derived_from", "derivation"),
                hint="fill both `derived_from` and `derivation`, or neither",
            ),
            Differ(
                "source-derived-from-another",
                "A source does not derive from itself.",
                "source_id",
                "derived_from",
                hint="set `derived_from` to the original, or empty it",
            ),
            WhenThen(
                "source-read-can-be-found",
                "A source that was read has an address or a title by which it can be found.",
                when=OneOf("read", Read.PART, Read.FULL),
                then=AnyOf(Filled("url"), Filled("title")),
                hint="fill `url` or `title`",
            ),
            WhenThen(
                "source-read-has-accessed",
                "A source that was read says when.",
                when=OneOf("read", Read.PART, Read.FULL),
                then=Filled("accessed"),
                hint="fill `accessed` with the month or day on which it was read",
            ),
        ),
    )

    source_id: SourceId = column(
        "The id of the source.", example="so-hrw-20260115-drop-charges", required=True
    )
    kind: SourceKind = column("What kind of document.", example="rights_statement", required=True)
    publisher: Text = column("Who published it.", example="Human Rights Watch", required=True)
    title: Text | None = column(
        "The title, as printed; a citation, not translated.",
        example="Kazakhstan/China: Drop Charges against Activists for Xinjiang Protests",
    )
    author: Text | None = column("The author, as the byline gives it.", example="Chris Rickleton")
    url: Url | None = column(
        "The address at which it was read.",
        example="https://www.hrw.org/news/2026/01/14/kazakhstan/china-drop-charges-against-activists-for-xinjiang-protests",
    )
    published: Edtf | None = column(
        "When it was published; for an undated page the bounds that its text gives.",
        example="2026-01-15",
        source="Extended Date/Time Format (EDTF)",
    )
    accessed: Edtf | None = column(
        "When it was read.", example="2026-11", source="Extended Date/Time Format (EDTF)"
    )
    language: LanguageTag | None = column("The language in which it was read.", example="en", source="BCP 47")
    derived_from: Annotated[SourceId, References("sources")] | None = column(
        "The source from which this one was made.", example="so-afp-dispatch"
    )
    derivation: Derivation | None = column("How it was made from that source.", example="copy")
    read: Read = column("How much of it was read.", example="part", required=True)
    note: Text | None = column(
        "What a reader should know besides: the basis of a date, where reading ended.",
        example="Read up to the fifth paragraph.",
        free_text=True,
    )
