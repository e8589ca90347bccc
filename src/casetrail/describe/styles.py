"""The styles in which a citation is printed, by the names that `casetrail cite --style` takes."""

from __future__ import annotations

from collections.abc import Callable

from casetrail.describe.apa import apa
from casetrail.describe.bibtex import bibtex
from casetrail.describe.cff import cff
from casetrail.describe.citation import Citation
from casetrail.describe.csl import csl
from casetrail.describe.datacite import datacite
from casetrail.describe.ris import ris

STYLES: dict[str, Callable[[Citation], str]] = {
    "apa": apa,
    "bibtex": bibtex,
    "ris": ris,
    "csl": csl,
    "datacite": datacite,
    "cff": cff,
}
"""Each function takes a `Citation` and gives a text that ends with a line feed."""

STYLE_TITLES = {
    "apa": "APA",
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl": "CSL-JSON",
    "datacite": "DataCite",
    "cff": "Citation File Format",
}
"""What each style is called."""
