"""`casetrail page`: the page of a package alone, for a working copy."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from casetrail.cli.arguments import add_output, add_package
from casetrail.findings.sentences import counted

DESCRIPTION = """\
Write one HTML file that shows the package: a case with its timeline, people, charges, responses,
disagreements and sources, each fact with its evidence; any other package with its tables and codebook. It
needs no network and no server. A release holds the same page, with its downloads, as index.html. For each of
the `languages` of the package there is a page of its own beside it, as index.ru.html."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    add_package(parser)
    add_output(parser, "where to write it (<name>.html in this folder)", printed=False)
    parser.add_argument(
        "--lang",
        action="append",
        metavar="CODE",
        help="only in this language, as ru; may be repeated (English and the `languages` of the package)",
    )
    parser.add_argument("--open", action="store_true", help="show it in the browser when it is written")


def run(args: argparse.Namespace) -> int:
    """Write the page in its languages, and show it where that is asked for."""
    from casetrail.curate.outputs import output_file
    from casetrail.describe.dataset import languages_of, page_languages
    from casetrail.languages.words import NAMES, language_named
    from casetrail.package.package import open_package
    from casetrail.package.paths import unfit_names
    from casetrail.site.page import page_text, untranslated_words

    package = open_package(args.package)
    # The name is a stranger's text: one that could lead out of this folder is not used.
    name = "package" if unfit_names([package.name]) else package.name
    target = args.output or Path(f"{name}.html")
    languages = [
        language_named(code) for code in dict.fromkeys(args.lang or page_languages(package.descriptor))
    ]
    for code in languages_of(package.descriptor):
        if code not in NAMES and not args.lang:
            print(f"note: there is no catalogue for {code!r}, so there is no page in it", file=sys.stderr)
    # A file that is named for one language is that file.
    alone = args.output is not None and len(languages) == 1
    paths = {language.code: target if alone else _beside(target, language.code) for language in languages}
    links = {code: path.name for code, path in paths.items()}
    # The pages take their places together at the end: each of them leads to the others.
    with ExitStack() as stack:
        for language in languages:
            text = page_text(package, language=language, pages=links)
            file = stack.enter_context(output_file(paths[language.code], force=args.force))
            file.write_bytes(text.encode())
    for language in languages:
        path = paths[language.code]
        print(f"wrote {path} ({path.stat().st_size:,} bytes)")
        if missing := untranslated_words(package, language):
            shown = "; ".join(missing[:5]) + ("; …" if len(missing) > 5 else "")
            print(
                f"note: in the page in {language.code} {counted(len(missing), 'text')} of the schemas "
                f"{'stays' if len(missing) == 1 else 'stay'} as written, for want of `translations`: {shown}",
                file=sys.stderr,
            )
    if args.open:
        import webbrowser

        if not webbrowser.open(paths[languages[0].code].resolve().as_uri()):
            print("No browser was found; open the file yourself.")
    return 0


def _beside(target: Path, code: str) -> Path:
    """The file of the page in a language: `case.html` is in English, `case.ru.html` beside it in Russian."""
    return target if code == "en" else target.with_name(f"{target.stem}.{code}{target.suffix}")
