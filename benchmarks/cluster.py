"""A scheduler of Dask with so many workers on this machine, each a process of its own with one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def scheduler(workers: int) -> Iterator[str]:
    """The address of a scheduler; its workers have read their libraries before anything is measured."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as cluster:
        with cluster.get_client() as client:
            client.wait_for_workers(workers)
            client.run(_load)
        yield cluster.scheduler_address


def _load() -> None:
    import casetrail.checks.remote_work  # noqa: F401
