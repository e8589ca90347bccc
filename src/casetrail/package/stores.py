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

    from pyarrow.fs import GcsFileSystem, S3FileSystem

Result = TypeVar("Result")

CHECK = "check the address"
LATER = "the server is busy or out of order: try again later"
BUSY = frozenset({429, 500, 502, 503, 504})
"""Answers of a server that may be another later."""
_REFUSALS = frozenset({"401", "403"})
_TRIES = 3
_HOSTS = frozenset({"ftp", "ftps", "webhdfs"})
"""Schemes of fsspec that name the host to ask."""
_LOGGED_IN = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
_MACHINE = Path("/sys/class/dmi/id/product_name")
"""On a machine of Google, which has credentials of its own, its name is here."""
_ANOTHER = "give another address, or the file itself"
_FEWER = "name more of the folders before the first * or ?, or each file in a list"
_AZURE = re.compile(r"[\w$-]+@[\w-]+\.(dfs|blob)\.core\.windows\.net")
_QUERY = re.compile(r"\?[\w.-]+=|#|::")
_ERRORS = (
    re.compile(r"(?P<store>AWS) Error (?P<name>[A-Z_]+)(?: \(HTTP status (?P<status>[0-9]+)\))?"),
    re.compile(r"(?P<store>google)::cloud::Status\((?P<name>[A-Z_]+)(?P<status>)"),
    re.compile(r"(?P<store>Azure) Error: \[(?P<name>\w*)\] (?P<status>[0-9]*)"),
    re.compile(r"(?P<store>Azure)(?P<status>)\w*(?P<name>AuthenticationException)"),
)
"""How the libraries of stores say what these answer."""
_NO_LOGIN = ("OAuth2 access token", "AuthenticationException")
_DENIALS = re.compile("denied|access_key|signature|token|credential|authenticat|authoriz", re.IGNORECASE)
_OVERLOADS = re.compile("SLOW_DOWN|THROTTL|UNAVAILABLE|INTERNAL|REQUEST_TIMEOUT|DEADLINE|EXHAUSTED")
_KEYS = {
    "AWS": ", as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "google": ", as GOOGLE_APPLICATION_CREDENTIALS",
    "Azure": ", as AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
}


def open_in_store(url: str, hosts: Collection[str]) -> IO[bytes]:
    """Open a file. `hosts` of a private network are named there.

    Raises:
        SourceProblem: It cannot be read.
    """
    _refuse_more(url)
    try:
        store, path = _store_of(url, hosts)
        if url.lower().startswith("abfs"):
            # Without credentials Arrow ends the program where it opens a file, and raises here.
            store.get_file_info(path)
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
        reason, hint = _words_of_store(error, listing=True)
        reason = f"the files in '{start[:200]}' cannot be listed ({reason})"
        raise SourceProblem("path-unreadable", reason, hint) from None
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
        from pyarrow.fs import FileSelector, FileType

        entries = store.get_file_info(FileSelector(path, allow_not_found=True, recursive=recursive))
        bucket = path.partition("/")[0]
        if not entries and store.get_file_info(bucket).type == FileType.NotFound:
            raise SourceProblem("path-missing", f"there is no bucket '{bucket[:200]}'", CHECK)
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


def _words_of_store(failure: Exception, *, listing: bool = False) -> tuple[str, str]:
    """Why a store gives no file, or no list of its files, and what helps, by what its library says."""
    message = str(failure).split("\n")[0] or type(failure).__name__
    error = next(filter(None, (form.search(message) for form in _ERRORS)), None)
    store, name, status = error.group("store", "name", "status") if error else ("", "", "")
    reason = f"the store answers {status or name}" if error else message[:200]
    if status == "301":
        return "the bucket is in another region", "give its region, as AWS_REGION=eu-central-1"
    has_no_login = any(text in message for text in _NO_LOGIN)
    if has_no_login or isinstance(failure, PermissionError) or _DENIALS.search(name) or status in _REFUSALS:
        keys = f"give credentials that may {'list them' if listing else 'read it'}{_KEYS.get(store, '')}"
        reason = "there are no credentials that can be used" if has_no_login else reason
        return reason, f"{'name each file in a list, or ' if listing else ''}{keys}, or ask who keeps it"
    if name == "NETWORK_CONNECTION" or "CURL error" in message:
        if "curlCode: 28" in message or "CURL error [28]" in message:
            return "the store does not answer", LATER
        endpoint = ", and AWS_ENDPOINT_URL if the store is not that of Amazon" if store == "AWS" else ""
        return "the store cannot be reached", f"check the network{endpoint}"
    busy = _OVERLOADS.search(name) or (status and int(status) in BUSY)
    return reason, LATER if busy else CHECK


def _refuse_more(url: str) -> None:
    """A package must not say where credentials are sent, nor put one store of fsspec behind another.

    Raises:
        SourceProblem: The address does.
    """
    scheme, _, bucket, *_ = url.lower().split("/")
    if scheme in ("abfs:", "abfss:") and not _QUERY.search(url):
        if _AZURE.fullmatch(bucket) is None:
            reason = f"'{url[:200]}' names no container of an account of Azure"
            hint = "write it as abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH"
            raise SourceProblem("path-unsafe", reason, hint)
    elif "@" in bucket or _QUERY.search(url):
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
    if scheme in ("gs", "gcs"):
        return _google(), path
    try:
        if scheme in ("abfs", "abfss"):
            from pyarrow.fs import FileSystem

            store, container = FileSystem.from_uri(f"{scheme}://{bucket}")
            return store, container + path.removeprefix(bucket).lstrip("/")
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]

        return url_to_fs(url)  # type: ignore[no-any-return]
    except ImportError as error:
        reason, hint = f"'{url[:200]}' needs {error.name}, which is not there", f"install {error.name}"
        raise SourceProblem("path-unreadable", reason, hint) from None


def _google() -> GcsFileSystem:
    """Google's store with what the environment says: credentials, or the address of an emulator."""
    from datetime import timedelta

    from pyarrow.fs import GcsFileSystem

    emulator = os.environ.get("STORAGE_EMULATOR_HOST", "")
    scheme, _, host = emulator.rstrip("/").rpartition("://")
    folder = Path(os.environ.get("CLOUDSDK_CONFIG", "~/.config/gcloud")).expanduser()
    logged_in = (
        "GOOGLE_APPLICATION_CREDENTIALS" in os.environ
        or (folder / "application_default_credentials.json").exists()
        or (_MACHINE.exists() and "Google" in _MACHINE.read_text(encoding="utf-8", errors="replace"))
    )
    return GcsFileSystem(
        anonymous=bool(host) or not logged_in,
        scheme=scheme or ("http" if host else "https"),
        endpoint_override=host or None,
        retry_time_limit=timedelta(seconds=MAX_SERVER_SECONDS / _TRIES),
    )


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
