"""Workers on other machines: a scheduler of Dask, by which the blocks of a table are worked on."""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import cached_property, partial
from io import BytesIO
from operator import itemgetter
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar

from casetrail.checks.handle import Handle
from casetrail.findings.error import CasetrailError
from casetrail.tables.blocks import result_of

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Task

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
    try:
        from distributed import Client
    except ImportError:
        raise CasetrailError(
            "a scheduler is asked through Dask, which is not installed; install casetrail[dask]"
        ) from None
    # What goes wrong is said once, by the command. Some of the loggers have levels of their own.
    for name in ("distributed", "tornado", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        # A client for what is no scheduler waits without end, or leaves a trace of itself behind.
        _greet(address)
        client = Client(address, timeout=TIMEOUT, set_as_default=False)
    except Exception as error:  # what another server answers may lead to any
        cause = str(error) or f"nobody answers as a scheduler does within {TIMEOUT} seconds"
        raise CasetrailError(
            f"there is no Dask scheduler at '{address}' ({cause}); start one with "
            "`dask scheduler`, or give the address that it names, such as tcp://host:8786"
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise CasetrailError(
                f"the scheduler at '{address}' has no workers; start some with `dask worker {address}`"
            )
        _check_versions(client.run(_version, on_error="return"))
        yield _Workers(client, threads)


def _greet(address: str) -> None:
    """Exchange greetings with the scheduler, in a thread where Ctrl-C does not meet the loop.

    Raises:
        Exception: There is none.
    """
    greeted: Future[None] = Future()

    def run() -> None:
        try:
            greeted.set_result(asyncio.run(asyncio.wait_for(_exchange_greetings(address), TIMEOUT)))
        except Exception as error:
            greeted.set_exception(error)

    Thread(target=run, name="casetrail-greeting", daemon=True).start()
    greeted.result()


async def _exchange_greetings(address: str) -> None:
    from distributed.comm import connect
    from distributed.security import Security

    security = Security().get_connection_args("client")
    if address.startswith(("tls://", "wss://")) and security["ssl_context"] is None:
        raise ValueError("the configuration of Dask names no certificate (distributed.comm.tls)")
    comm = await connect(address, timeout=TIMEOUT, **security)
    comm.abort()


class _Workers(Executor):
    """Has the workers do what is submitted. What its result has behind a `Handle` stays with them."""

    def __init__(self, client: Client, threads: int) -> None:
        self.client = client
        self._max_workers = threads

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Do something: what its result has behind handles stays with the worker."""
        assert not named
        return _Result(self.client, self.client.submit(_apart, function, *given, pure=False))


class _Result(Future[Any]):
    """The result of a task, fetched without what is behind its handles."""

    def __init__(self, client: Client, task: Task) -> None:
        super().__init__()
        self._client, self._task = client, task
        self._rest = client.submit(itemgetter(0), task, pure=False)

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the task."""
        return _Unpickler(BytesIO(self._rest.result(timeout)), self._handle).load()

    def _handle(self, number: Any) -> WorkerHandle:
        return WorkerHandle(self._client, partial(self._client.submit, _item, self._task, number, pure=False))


class WorkerHandle(Handle[Any]):
    """A value that is with a worker. If that dies, another does once more what led to the value."""

    at_once: ClassVar = 64 * 1024 * 1024

    def __init__(self, client: Client, submit: Callable[[], Task]) -> None:
        self._client, self._submit = client, submit

    @property
    def is_here(self) -> bool:
        """It is not."""
        return False

    @cached_property
    def task(self) -> Task:
        """The task whose result is the value."""
        return self._submit()

    @property
    def is_ready(self) -> bool:
        """Whether the task is done."""
        return bool(self.task.done())

    def get(self) -> Any:
        """Fetch the value."""
        return result_of(self.task)

    def call(self, function: Callable[..., Any], *given: Any) -> WorkerHandle:
        """What a function gives; a worker fetches what it is given from the others."""
        task = self._client.submit(function, *(self._tasks(part) for part in given), pure=False)
        return WorkerHandle(self._client, lambda: task)

    def _tasks(self, given: Any) -> Any:
        if isinstance(given, list):
            return [self._tasks(part) for part in given]
        if isinstance(given, WorkerHandle):
            return given.task
        if isinstance(given, Handle):
            # What is here is sent once, whatever it is needed for.
            given.sent = given.sent or self.call(_same, given.get())
            return self._tasks(given.sent)
        return given


def _same(value: Any) -> Any:
    return value


class _Pickler(pickle.Pickler):
    """Leaves out the values behind handles, and collects them."""

    def __init__(self, file: BytesIO, values: list[Any]) -> None:
        super().__init__(file, protocol=5)
        self._values = values

    def persistent_id(self, value: object) -> int | None:
        if not isinstance(value, Handle):
            return None
        self._values.append(value.get())
        return len(self._values) - 1


class _Unpickler(pickle.Unpickler):
    """Puts handles where values were left out."""

    def __init__(self, file: BytesIO, handle: Callable[[Any], WorkerHandle]) -> None:
        super().__init__(file)
        self._handle = handle

    def persistent_load(self, pid: Any) -> WorkerHandle:
        return self._handle(pid)


def _apart(function: Callable[..., Any], *given: Any) -> tuple[bytes, list[Any]]:
    """The result of a function, as bytes, and apart from it the values behind its handles."""
    values: list[Any] = []
    file = BytesIO()
    _Pickler(file, values).dump(function(*given))
    return file.getvalue(), values


def _item(result: tuple[bytes, list[Any]], number: int) -> Any:
    return result[1][number]


def _version() -> str:
    from casetrail import __version__

    return __version__


def _check_versions(answers: dict[str, object]) -> None:
    own = _version()
    for worker, answer in sorted(answers.items()):
        if answer != own:
            has = f"has casetrail {answer}" if isinstance(answer, str) else f"cannot run casetrail ({answer})"
            raise CasetrailError(f"the worker {worker} {has}; install casetrail {own} there")
