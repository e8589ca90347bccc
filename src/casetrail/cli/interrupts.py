"""Ctrl-C: wherever it meets the program, the work ends with one sentence and exit code 130."""

from __future__ import annotations

# The modules beneath `threading` and `signal`: they need no other to be loaded first.
import _signal  # type: ignore[import-not-found]
import _thread
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

STOPPED = "stopped by the keyboard"
INTERRUPTED = 130
"""What is said then, and the exit code, which is that of shells for a program that Ctrl-C ended."""

_met = False
_SOON = 0.02
"""Seconds until a Ctrl-C that met an import is looked at again."""


def hold_interrupts_while_modules_load() -> None:
    """Have Ctrl-C wait for a module that is being imported.

    A library that is interrupted there is left half made: some swallow the interrupt, some end in words of
    their own. Where the caller has Ctrl-C ignored, as `nohup` does, it stays so.
    """
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _interrupt)


def was_interrupted() -> bool:
    """Whether Ctrl-C came, whatever a library has made of it since: pydantic, in Rust, wraps it."""
    return _met


def ignore_interrupts() -> None:
    """Ignore Ctrl-C from now on: the work is done and said, and Python takes itself down."""
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _met
    _met = True
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            _thread.start_new_thread(_interrupt_soon, ())
            return
        frame = frame.f_back
    raise KeyboardInterrupt


def _interrupt_soon() -> None:
    time.sleep(_SOON)
    _thread.interrupt_main()
