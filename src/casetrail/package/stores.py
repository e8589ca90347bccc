"""Object stores, and what else fsspec knows: their files are opened, and looked through by patterns of paths.

They are asked with the credentials of the environment, and nothing of them is copied to this machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from functools import lru_cache, partial
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from casetrail.package.paths import is_pattern, matching_paths
from casetrail.package.servers import refuse_private
from casetrail.standard.limits import MAX_LISTING_SECONDS, MAX_MEMBERS, MAX_SERVER_SECONDS
from casetrail.tables.file_blocks import SourceProblem

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pyarrow.fs import S3FileSystem

Result = TypeVar("Result")

CHECK = "check the address"
LATER = "the server is busy or out of order: try again later"
BUSY = frozenset({429, 500, 502, 503, 504})
"""Answers of a server that may be another later."""
_TRIES = 3
_HOSTS = frozenset({"ftp", "ftps", "webhdfs"})
"""Schemes of fsspec that name the host to ask."""
_ARROW_STORES = frozenset({"s3", "gs", "gcs", "abfs", "abfss"})
_LOGGED_IN = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
_ANOTHER = "give another address, or the file itself"
_CREDENTIALS = "as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ask who keeps it"
_NO_ACCESS = f"give credentials that may read it, {_CREDENTIALS}"
_NO_LIST = f"name each file in a list, or give credentials that may list them, {_CREDENTIALS}"
_NO_STORE = "check the network, and AWS_ENDPOINT_URL if the store is not that of Amazon"
_FEWER = "name more of the folders before the first * or ?, or each file in a list"
_QUERY = re.compile(r"\?[\w.-]+=|#|::")
_AWS_ERROR = re.compile(r"AWS Error (?P<name>[A-Z_]+)(?: \(HTTP status (?P<status>[0-9]+)\))?")
_AWS_DENIALS = re.compile("ACCESS_DENIED|ACCESS_KEY|SIGNATURE|TOKEN|CREDENTIAL|AUTHENTICATION|NOT_AUTHORIZED")
_AWS_BUSY = re.compile("SLOW_DOWN|THROTTL|UNAVAILABLE|INTERNAL_FAILURE|REQUEST_TIMEOUT")


def open_in_store(url: str, hosts: Collection[str]) -> IO[bytes]:
    """Open a file. `hosts` of a private network are named there.

    Raises:
        SourceProblem: It cannot be read.
    """
    _refuse_more(url)
    try:
        store, path = _store_of(url, hosts)
        return store.open(path, "rb") if _is_fsspec(store) else store.open_input_file(path)  # type: ignore[no-any-return]
    except FileNotFoundError:
        raise absent(url) from None
    except SourceProblem:
        raise
    except Exception as error:  # those of the libraries of stores are many
        raise unfetched(url, *_words_of_store(error)) from None


def matching_in_store(folder: str, pattern: str, hosts: Collection[str]) -> list[str]:
    """The paths, from a folder on, of the files that a pattern matches; in the order of the alphabet.

    The store lists the folder in which the pattern begins, with all below it where the pattern goes on.

    Raises:
        SourceProblem: The store does not say which files it has, or has too many.
    """
    parts = [part for part in pattern.split("/") if part != "."]
    fixed = next(number for number, part in enumerate(parts) if is_pattern(part))
    _refuse_more(f"{folder}/{pattern}")
    start, rest = "/".join([folder, *parts[:fixed]]), parts[fixed:]
    listing = _begin(partial(_files_in, start, hosts, recursive=len(rest) > 1 or "**" in rest))
    try:
        files = listing.result(MAX_LISTING_SECONDS)
    except FileNotFoundError:
        return []
    except SourceProblem:
        raise
    except Exception as error:
        if not listing.done():
            reason = f"to list the files in '{start[:200]}' takes more than {MAX_LISTING_SECONDS} seconds"
            raise SourceProblem("path-unreadable", reason, _FEWER) from None
        if "NO_SUCH_BUCKET" in str(error):
            bucket = folder.split("/")[2]
            raise SourceProblem("path-missing", f"there is no bucket '{bucket[:200]}'", CHECK) from None
        reason, hint = _words_of_store(error)
        reason = f"the files in '{start[:200]}' cannot be listed ({reason})"
        raise SourceProblem("path-unreadable", reason, _NO_LIST if hint == _NO_ACCESS else hint) from None
    if len(files) > MAX_MEMBERS:
        reason = f"'{start[:200]}' has {len(files):,} files, and no more than {MAX_MEMBERS:,} are looked at"
        raise SourceProblem("path-unreadable", reason, _FEWER)
    return matching_paths(pattern, ("/".join([*parts[:fixed], file]) for file in files))


def absent(url: str, hint: str = CHECK) -> SourceProblem:
    """There is nothing at an address."""
    return SourceProblem("path-missing", f"there is no '{url[:200]}'", hint)


def unfetched(url: str, reason: str, hint: str = CHECK) -> SourceProblem:
    """What is at an address cannot be had."""
    return SourceProblem("path-unreadable", f"'{url[:200]}' cannot be fetched ({reason})", hint)


def _files_in(folder: str, hosts: Collection[str], *, recursive: bool) -> list[str]:
    """The paths, from a folder on, of the files in it, and with `recursive` of those below it."""
    store, path = _store_of(folder, hosts)
    if _is_fsspec(store):
        # Others may have put files there since it was listed last. Where it cannot be, `find` says nothing.
        store.invalidate_cache()
        entries = store.ls(path, detail=True)
        files = [entry["name"] for entry in entries if entry["type"] == "file"]
        files = list(store.find(path)) if recursive else files
    else:
        from pyarrow.fs import FileSelector

        entries = store.get_file_info(FileSelector(path, recursive=recursive))
        files = [entry.path for entry in entries if entry.is_file]
    return [file.strip("/").removeprefix(path.strip("/")).lstrip("/") for file in files]


def _is_fsspec(store: Any) -> bool:
    return hasattr(store, "ls")


def _begin(work: Callable[[], Result]) -> Future[Result]:
    """Have something done by a thread for which no end of the program waits."""
    from concurrent.futures import Future

    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


def _words_of_store(failure: Exception) -> tuple[str, str]:
    """Why a store gives nothing, and what helps, by what its library says."""
    message = str(failure).split("\n")[0] or type(failure).__name__
    error = _AWS_ERROR.search(message)
    if error is None:
        return message[:200], _NO_ACCESS if isinstance(failure, PermissionError) else CHECK
    name, status = error["name"], error["status"]
    answer = f"the store answers {status or name}"
    if name == "NETWORK_CONNECTION":
        slow = "curlCode: 28" in message
        return ("the store does not answer", LATER) if slow else ("the store cannot be reached", _NO_STORE)
    if _AWS_DENIALS.search(name) or status in ("401", "403"):
        return answer, _NO_ACCESS
    busy = _AWS_BUSY.search(name) or (status is not None and int(status) in BUSY)
    return answer, LATER if busy else CHECK


def _refuse_more(url: str) -> None:
    """A package must not say where credentials are sent, nor put one store of fsspec behind another.

    Raises:
        SourceProblem: The address does.
    """
    if "@" in url.split("/")[2] or _QUERY.search(url):
        raise SourceProblem("path-unsafe", f"'{url[:200]}' has more than a bucket and a path", _ANOTHER)


def _store_of(url: str, hosts: Collection[str]) -> tuple[Any, str]:
    """The store at an address, of Arrow or of fsspec, and the path in it.

    Raises:
        SourceProblem: It is in a private network, or needs a library that is not there.
    """
    scheme, _, path = url.partition("://")
    scheme, bucket = scheme.lower(), path.partition("/")[0]
    if scheme in _HOSTS:
        refuse_private(urlsplit(url).hostname or "", hosts)
    if scheme == "s3":
        return _s3(), path
    try:
        if scheme in _ARROW_STORES:
            from pyarrow.fs import FileSystem

            return FileSystem.from_uri(f"{scheme}://{bucket}")[0], path
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]

        return url_to_fs(url)  # type: ignore[no-any-return]
    except ImportError as error:
        reason, hint = f"'{url[:200]}' needs {error.name}, which is not there", f"install {error.name}"
        raise SourceProblem("path-unreadable", reason, hint) from None


def _s3() -> S3FileSystem:
    """S3 with what the environment says: credentials, region, and the address of another S3 server."""
    credentials = Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")).expanduser()
    logged_in = any(name in os.environ for name in _LOGGED_IN) or credentials.exists()
    names = tuple(sorted(item for item in os.environ.items() if item[0].startswith("AWS_")))
    return _s3_of(logged_in, names, os.getpid())


@lru_cache(maxsize=1)
def _s3_of(logged_in: bool, environment: object, process: int) -> S3FileSystem:
    """The same for all files, so that its connections serve again; no other process can use them."""
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

    return S3FileSystem(
        anonymous=not logged_in,
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        endpoint_override=os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"),
        connect_timeout=MAX_SERVER_SECONDS / _TRIES,
        # So many seconds without a byte, in each try.
        request_timeout=MAX_SERVER_SECONDS / _TRIES,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_TRIES),
    )
