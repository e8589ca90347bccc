"""Whatever a title says, BibTeX and RIS give it back to those who read them."""

from __future__ import annotations

import random
from pathlib import Path

from casetrail.describe.citation import Citation, citation
from casetrail.describe.styles import STYLES
from casetrail.standard.descriptor import Descriptor
from oracles.conftest import Judge

PIECES = [
    *("a", "B", " ", "  ", "\n", "\t", "{", "}", "\\", "%", "$", "#", "_", "^", "~", "&", '"', "'", ",", "="),
    *(
        "@article{x,",
        "},",
        "\nER  - ",
        "\nTI  - x",
        "TY  - ",
        "--",
        "-",
        "ж",
        "汉",
        "é",
        "|",
        "<b>",
        "`",
        "\\textbf{x}",
    ),
    *("``", "''", "?`", "<<", " and ", "\\&", "$$", "{}", "}{", "://", "1"),
]


def hostile_titles() -> list[str]:
    chance = random.Random(20260123)
    titles = ["".join(chance.choices(PIECES, k=chance.randrange(1, 9))) for _ in range(600)]
    return [title for title in titles if title.strip()]


def cited(number: int, title: str) -> Citation:
    contributor = {"title": "Buoy Office", "roles": ["creator", "publisher"]}
    about = {"name": f"x{number}", "version": "1.0.0", "created": "2024-05-01T00:00:00Z"}
    return citation(
        Descriptor.of(
            {**about, "title": title, "keywords": [title], "contributors": [contributor], "resources": []}
        )
    )


def test_bibtex_and_ris_give_any_title_back(tmp_path: Path, judge: Judge) -> None:
    titles = hostile_titles()
    citations = [cited(number, title) for number, title in enumerate(titles)]
    for style, ending in (("bibtex", "bib"), ("ris", "ris")):
        text = "\n".join(STYLES[style](citation) for citation in citations)
        (tmp_path / f"all.{ending}").write_text(text, encoding="utf-8")
    read = judge("citations", tmp_path)
    assert read["failed"] == 0
    assert (len(read["bibtex"]), len(read["ris"])) == (len(titles), len(titles))
    for title, entry, record in zip(titles, read["bibtex"], read["ris"], strict=True):
        shown = " ".join(title.split())
        assert (entry["title"], record["title"]) == (shown, shown)
        assert set(entry) == {"author", "title", "year", "month", "date", "version", "publisher", "keywords"}
