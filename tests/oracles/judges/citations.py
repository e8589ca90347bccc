"""Read many citations back, each from a file of its own text, with bibtexparser and rispy."""

import json
import sys
import warnings
from pathlib import Path

import bibtexparser
import rispy
from bibtexparser import middlewares
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

warnings.simplefilter("ignore")
root = Path(sys.argv[1])
context = get_default_latex_context_db()
# Macros of LaTeX that pylatexenc does not know, or takes for an accent.
signs = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^", "textasciitilde": "~"}
context.add_context_category(
    "signs", macros=[MacroTextSpec(name, sign) for name, sign in signs.items()], prepend=True
)
decode = middlewares.LatexDecodingMiddleware(decoder=LatexNodes2Text(latex_context=context))
library = bibtexparser.parse_file(str(root / "all.bib"), append_middleware=[decode])
entries = [{field.key: field.value for field in entry.fields} for entry in library.entries]
records = rispy.loads((root / "all.ris").read_text(encoding="utf-8"))
print(json.dumps({"failed": len(library.failed_blocks), "bibtex": entries, "ris": records}))
