"""Workers on other machines: a scheduler of Dask, by which the blocks of a table are worked on."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from casetrail.findings.error import CasetrailError

_ADDRESS = re.compile(r"(?:[a-z]+://)?[^\s/]+:[0-9]+")
TIMEOUT = 5
"""Seconds in which a scheduler has to answer."""


@contextmanager
def workers_of(address: str) -> Iterator[Executor]:
    """The workers of the Dask scheduler at an address, such as `tcp://host:8786`.

    A task whose worker dies is given to another. The workers have to see the files of the package under the
    same paths, and need the same version of casetrail.

    Raises:
        CasetrailError: There is no scheduler, it has no workers, or they cannot run casetrail.
    """
    # The command keeps some libraries from being imported, for a quick start; Dask needs this one.
    if sys.modules.get("cloudpickle", sys) is None:
        del sys.modules["cloudpickle"]
    try:
        from distributed import Client
    except ImportError:
        raise CasetrailError(
            "a scheduler is asked through Dask, which is not installed; install casetrail[dask]"
        ) from None
    # What goes wrong is said once, by the command.
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        # A client that is given anything else leaves a trace of itself behind.
        if not _ADDRESS.fullmatch(address):
            raise ValueError("an address is written tcp://host:port")
        client = Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CasetrailError(
            f"there is no Dask scheduler at '{address}' ({error}); start one with "
            "`dask scheduler`, or give the address that it names"
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise CasetrailError(
                f"the scheduler at '{address}' has no workers; start some with `dask worker {address}`"
            )
        _check_versions(client.run(_version, on_error="return"))
        executor: Executor = client.get_executor(pure=False)
        executor._max_workers = threads  # type: ignore[attr-defined]
        yield executor


def _version() -> str:
    from casetrail import __version__

    return __version__


def _check_versions(answers: dict[str, object]) -> None:
    own = _version()
    for worker, answer in sorted(answers.items()):
        if answer != own:
            has = f"has casetrail {answer}" if isinstance(answer, str) else f"cannot run casetrail ({answer})"
            raise CasetrailError(f"the worker {worker} {has}; install casetrail {own} there")
