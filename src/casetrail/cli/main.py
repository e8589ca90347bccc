"""The command `casetrail`: which command is asked for, and how every one of them ends.

Only the module of the chosen command is imported, for a start that loads them all would take longer than
most commands do.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol, TextIO, cast

from casetrail import __version__
from casetrail.cli.help_text import HelpParser
from casetrail.cli.interrupts import INTERRUPTED, STOPPED, was_interrupted
from casetrail.findings.error import CasetrailError

COMMANDS = {
    "validate": ("casetrail.cli.validate", "check a package and explain what is wrong"),
    "describe": ("casetrail.cli.describe", "draft a descriptor for tables that have none"),
    "explain": ("casetrail.cli.explain", "explain a finding code, with an example and how to mend it"),
    "format": ("casetrail.cli.format", "put every table into canonical form"),
    "schemas": ("casetrail.cli.schemas", "refresh the schemas of a case from its profile"),
    "release": ("casetrail.cli.release", "make a sealed, versioned release of a package"),
    "verify": ("casetrail.cli.verify", "check that a release is complete and unchanged"),
    "cite": ("casetrail.cli.cite", "print how to cite a package"),
    "show": ("casetrail.cli.show", "show one row with its evidence"),
    "codebook": ("casetrail.cli.codebook", "print what is in every table and column of a package"),
    "diff": ("casetrail.cli.diff", "compare two versions of a package"),
    "merge": ("casetrail.cli.merge", "merge a table of two branches, as a driver of git"),
    "workbook": ("casetrail.cli.workbook", "write the spreadsheet to edit a package in, or read it back"),
    "new": ("casetrail.cli.new", "add a row to a table"),
    "sources": ("casetrail.cli.sources", "say which sources have no archived copy, and have it made"),
    "init": ("casetrail.cli.init", "start a new package"),
    "export": ("casetrail.cli.export", "write a package in another format"),
    "page": ("casetrail.cli.page", "write the page of a package"),
}
"""Name of each command, its module and its one line of help."""

GOOD, WRONG, COULD_NOT_RUN = 0, 1, 2
"""Exit codes: all is well; something is wrong in the content; the command could not do its work."""

_TABLELESS = ("explain",)
"""Commands that read no table, so that they need nothing of what others load at their start."""

_ENDS_AT_ONCE = ("validate",)
"""Commands that write at most one file and end without giving their memory back piece by piece: 0.07 s."""


class Command(Protocol):
    """What the module of a command offers."""

    def register(self, parser: argparse.ArgumentParser) -> None:
        """Add the arguments of the command."""

    def run(self, args: argparse.Namespace) -> int:
        """Do the work; the result is the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no error leaves a traceback unless `--debug` asks for it."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    if argv is None:
        sys.stdout, sys.stderr = _open_stream(sys.stdout), _open_stream(sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        # Without a command the parser only lists them; behind one it need not.
        chosen = next((word for word in arguments if not word.startswith("-")), "")
        leads = [word for word in arguments if word != "--debug"][:1] == [chosen]
        args = _parser(chosen, alone=leads and chosen in COMMANDS).parse_args(arguments)
        if argv is None and args.command not in _TABLELESS:
            _start_quickly()
        code = _command(args.command).run(args)
        sys.stdout.flush()
        if argv is None and args.command in _ENDS_AT_ONCE:
            sys.stderr.flush()
            os._exit(code)
        return code
    except KeyboardInterrupt:
        return _say(STOPPED, INTERRUPTED)
    except Exception as error:
        if debug:
            raise
        return _say(STOPPED, INTERRUPTED) if was_interrupted() else _explain(error)
    except BaseException as error:
        # What a library in Rust calls a panic, which is no Exception.
        if debug or type(error).__name__ != "PanicException":
            raise
        if was_interrupted():
            return _say(STOPPED, INTERRUPTED)
        reason = str(error).split("\n")[0]
        return _say(f"stopped inside a library ({reason}); run again with --debug to see where")


class _ForgivingStream:
    """Standard output or error whose reader may have gone (`| head`): what is still written goes nowhere."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write the text; that nobody reads it changes neither the work nor its exit code."""
        with self._forgiving():
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        with self._forgiving():
            self._stream.flush()

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


def _open_stream(stream: TextIO | None) -> TextIO:
    """The stream, made forgiving; one that was closed before we began (`>&-`) leads nowhere."""
    if stream is None:
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    return cast(TextIO, _ForgivingStream(stream))


def _explain(error: Exception) -> int:
    if isinstance(error, CasetrailError):
        return _say(str(error), error.exit_code)
    if isinstance(error, MemoryError):
        return _say("the machine has not enough memory for this")
    if isinstance(error, RecursionError):
        return _say("something is nested too deeply to be read")
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"{where}{error.strerror or error}")
    kind = type(error).__name__
    return _say(
        f"this is a mistake in casetrail itself ({kind}: {error}); run again with --debug to see where"
    )


def _say(sentence: str, code: int = COULD_NOT_RUN) -> int:
    from casetrail.findings.visible import in_log, visible

    print(f"casetrail: {in_log(visible(sentence, 1000))}", file=sys.stderr)
    return code


def _command(name: str) -> Command:
    return cast(Command, import_module(COMMANDS[name][0]))


def _parser(chosen: str | None, *, alone: bool = False) -> argparse.ArgumentParser:
    """The parser with the arguments of the chosen command, which it may know alone, or with those of all."""
    common = HelpParser(add_help=False)
    common.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="show where an error arose"
    )
    parser = HelpParser(
        prog="casetrail", description="Validate, trace and publish tables about trials.", parents=[common]
    )
    parser.add_argument(
        "--version", action="version", version=f"casetrail {__version__}", help="print the version and stop"
    )
    parser.add_argument(
        "--print-completion",
        action=_Completion,
        choices=("bash", "zsh", "fish"),
        help="print the completion of commands and options for a shell, and stop",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    for name, (_, help_text) in COMMANDS.items():
        if alone and name != chosen:
            continue
        command = commands.add_parser(name, help=help_text, description=help_text, parents=[common])
        if name == chosen or chosen is None:
            _command(name).register(command)
    return parser


class _Completion(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, namespace: Any, shell: Any, *ignored: object) -> None:
        """Print the script, which completes files where a path is wanted."""
        import shtab

        from casetrail.cli.arguments import PATH_TYPES

        complete = _parser(None)
        pending = [complete]
        while pending:
            for action in pending.pop()._actions:
                if action.type in PATH_TYPES:
                    action.complete = shtab.FILE  # type: ignore[attr-defined]
                if isinstance(action, argparse._SubParsersAction):
                    pending += action.choices.values()
        print(shtab.complete(complete, shell))
        parser.exit()


class _Absence:
    """Finds some libraries nowhere, so that others do as where they are not installed."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def find_spec(self, name: str, *ignored: object) -> None:
        """Leave all other modules to the finders behind this one.

        Raises:
            ModuleNotFoundError: It is one of the libraries. (Of `None` in `sys.modules` Cython makes none.)
        """
        if name in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


class _Deferred(ModuleType):
    """A module that is imported when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def _start_quickly() -> None:
    """Keep the libraries that the command has no use for from being imported, and the collector from running.

    Measured on the dataset of this repository, in processor time: where they are installed, pyarrow loads
    numpy and cloudpickle at its start, and pandas at the first conversion of a Python object (0.22 s);
    pydantic looks for plug-ins in all that is installed (0.03 s); the collector looks for circles among
    objects of which nearly all stay (0.05 s); of some modules pyarrow asks nothing at its start (0.01 s).
    """
    sys.meta_path.insert(0, _Absence("pandas", "numpy"))
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(100_000)
    deferred = {name: _Deferred(name) for name in ("pickle", "pydoc", "socket")}
    sys.modules.update({name: module for name, module in deferred.items() if name not in sys.modules})
    at_import = _Absence("cloudpickle", "dateutil")
    sys.meta_path.insert(0, at_import)
    import_module("pyarrow.compute")
    sys.meta_path.remove(at_import)
    for name, module in deferred.items():
        if sys.modules.get(name) is module:
            del sys.modules[name]


if __name__ == "__main__":
    sys.exit(main())
