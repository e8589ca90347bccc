"""Help of a command with weight and colour, where the terminal shows them."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any

from casetrail.findings.terminal import BOLD, CYAN, paint, shows_colours

_HEADING = re.compile(r"^(usage:|[a-z][\w ]*:$)", re.M)
_NAME = re.compile(r"^( {2,4})(-[^\n]*?|[a-z][\w-]*)(?=  |$)", re.M)


class HelpParser(argparse.ArgumentParser):
    """A parser whose help has bold headings and coloured names; so have the parsers of its commands."""

    def print_help(self, file: Any = None) -> None:
        """Print the help; Python 3.14 and later colour it themselves."""
        stream = sys.stdout if file is None else file
        text = self.format_help()
        if shows_colours(stream) and "\x1b" not in text:
            usage, rest = text.split("\n\n", 1)
            rest = _NAME.sub(lambda match: match[1] + paint(match[2], CYAN), rest)
            text = _HEADING.sub(lambda match: paint(match[0], BOLD), f"{usage}\n\n{rest}")
        stream.write(text)
