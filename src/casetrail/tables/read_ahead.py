"""Reading ahead: what an iterator gives, taken by a thread of its own before it is asked for."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")


class _End:
    """What comes behind the last item: why there are no more."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class ReadAhead(Generic[Item]):
    """The items of a generator in their order, of which at most so many wait to be asked for."""

    def __init__(self, items: Generator[Item], most: int) -> None:
        self._items, self._stopped = items, False
        self._room = Semaphore(most)
        self._ready: SimpleQueue[Item | _End] = SimpleQueue()
        self._thread = Thread(target=self._read, name="casetrail-ahead", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[Item]:
        """The items; what the generator raises is raised at its place."""
        while not isinstance(item := self._ready.get(), _End):
            self._room.release()
            yield item
            del item
        if item.error is not None:
            raise item.error

    def close(self) -> None:
        """Read no more, and wait until what the generator has open is closed."""
        self._stopped = True
        self._room.release()
        self._thread.join()

    def _read(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._items:
                self._room.acquire()
                if self._stopped:
                    break
                self._ready.put(item)
                del item
            self._items.close()
        except BaseException as raised:
            error = raised
        self._ready.put(_End(error))
