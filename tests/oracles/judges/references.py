"""Read the citations back with bibtexparser, rispy and a CSL processor."""

import json
import sys
import warnings
from pathlib import Path

import bibtexparser
import rispy
from bibtexparser import middlewares

warnings.simplefilter("ignore")


def bibtex(root):
    library = bibtexparser.parse_file(
        str(root / "citation.bib"),
        append_middleware=[
            middlewares.SeparateCoAuthors(),
            middlewares.SplitNameParts(),
            middlewares.LatexDecodingMiddleware(),
        ],
    )
    (entry,) = library.entries
    fields = {field.key: field.value for field in entry.fields}
    authors = [" ".join([*one.first, *one.von, *one.last]) for one in fields["author"]]
    return {
        "failed": [str(one) for one in library.failed_blocks],
        "type": entry.entry_type,
        "authors": authors,
        **{key: fields.get(key) for key in ("title", "year", "version", "doi", "publisher", "url")},
    }


def ris(root):
    (entry,) = rispy.loads((root / "citation.ris").read_text(encoding="utf-8"))
    return entry


def csl(root):
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    items = json.loads((root / "citation.csl.json").read_text(encoding="utf-8"))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem(items[0]["id"])]))
    return {"line": str(bibliography.bibliography()[0]), "item": items[0]}


root = Path(sys.argv[1])
print(json.dumps({"bibtex": bibtex(root), "ris": ris(root), "csl": csl(root)}))
