"""Reading the JSON files that describe a package: safely, and with a finding for everything wrong in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, cast

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.package.files import PackageFiles, open_path
from casetrail.package.paths import PathProblem, is_pattern, is_url, path_problem
from casetrail.package.sound_schema import Judged, T
from casetrail.standard.descriptor import is_yaml
from casetrail.standard.json_reader import JsonDocument, JsonError, read_document
from casetrail.standard.limits import MAX_DOCUMENT, MAX_MISTAKES, read_within
from casetrail.standard.model import DescriptorLocation, M, read_model
from casetrail.tables.file_blocks import SourceProblem

CODES = {
    "descriptor-bom": "A descriptor or schema starts with a byte order mark.",
    "descriptor-duplicate-name": "An object of a descriptor or schema has the same property twice. "
    "Remove one of the two.",
    "descriptor-yaml": "A descriptor, schema or dialect is in YAML. The standard has them in JSON, so that "
    "other programs may not read it. Publish it in JSON.",
    "yaml-ambiguous": "A word of a YAML descriptor has no quotation marks, and programs take it for "
    "different things: text, a truth value, a number or a date. Put it into quotation marks, if it is text.",
    "file-not-json": "The file of a schema or dialect is not JSON. "
    "Mend the JSON at the line and column that the message names.",
}


class DescriptorReader:
    """Reads descriptors, schemas and dialects from the files of a package; `findings` say what is wrong."""

    def __init__(self, files: PackageFiles, allow_remote: bool, hosts: Collection[str] = ()) -> None:
        self.files = files
        self.findings: list[Finding] = []
        self.hosts = hosts
        self._allow_remote = allow_remote
        self._unmatched: dict[str, PathProblem] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        """Keep some findings."""
        self.findings += findings

    def judge(self, judged: Judged[T]) -> T | None:
        """What is sound of something judged; `None` where it has more than `MAX_MISTAKES`."""
        for _ in range(MAX_MISTAKES):
            try:
                self.findings.append(next(judged))
            except StopIteration as end:
                return cast(T, end.value)
        return None

    def path_finding(self, path: str, location: DescriptorLocation) -> Finding | None:
        """Why a path is not followed, or `None`."""
        problem = self._unmatched.get(path)
        if problem is None and not (self._allow_remote and is_url(path)):
            problem = self.files.problem(path)
        if problem is None:
            return None
        message = f"the path '{path[:200]}' cannot be followed: {problem.reason}"
        return location.finding(problem.code, message, hint=problem.remedy, value=path)

    def matching(self, path: str) -> list[str]:
        """The files that a path matches; of a pattern that matches none itself, and `path_finding` says why.

        The standard has no patterns; other tools write them for tables in parts.
        """
        if not is_pattern(path) or path_problem(path, allow_remote=self._allow_remote) is not None:
            return [path]
        try:
            if is_url(path):
                from casetrail.package.remote import matching_urls

                paths = matching_urls(path, self.hosts)
            else:
                paths = self.files.matching(path)
            problem = PathProblem(
                "path-missing", "no file matches it", "mend the pattern, or put the files there"
            )
        except SourceProblem as answer:
            paths, problem = [], PathProblem(answer.code, answer.reason, answer.hint)
        if not paths:
            self._unmatched[path] = problem
        return paths or [path]

    def json(self, path: str, location: DescriptorLocation) -> Any:
        """The JSON of a file whose path can be followed; its blemishes are findings.

        Raises:
            CasetrailError: it cannot be read, or is not JSON.
        """
        try:
            return self._json(path, location)
        except SourceProblem as problem:
            raise CasetrailError(f"{path} cannot be read ({problem.reason}); {problem.hint}") from None

    def _json(self, path: str, location: DescriptorLocation) -> Any:
        try:
            with open_path(self.files, path, self.hosts) as file:
                data = read_within(file, MAX_DOCUMENT)
        except (CasetrailError, SourceProblem):
            raise
        except Exception as error:  # those of zip and file system are many, and the same to a user
            raise CasetrailError(f"{path} cannot be read ({error})") from None
        try:
            document = self._yaml(data, location) if is_yaml(path) else read_document(data)
        except JsonError as error:
            raise CasetrailError(f"{path}, {error.reason}") from None
        for steps, name in document.duplicates:
            message = f"the property '{name}' is twice in one object, and only the last one counts"
            self.findings.append(
                location.into(*steps).finding("descriptor-duplicate-name", message, value=name)
            )
        if document.bom:
            message = f"{path} starts with a byte order mark, which JSON does not allow"
            hint = "save it as UTF-8 without BOM"
            self.findings.append(
                location.finding("descriptor-bom", message, hint=hint, severity=Severity.WARNING)
            )
        return document.value

    def _yaml(self, data: bytes, location: DescriptorLocation) -> JsonDocument:
        """A document in YAML; findings say so, and which words others may read otherwise."""
        from casetrail.standard.yaml_reader import read_yaml

        document = read_yaml(data)
        message = "this is YAML, which not every program reads; the standard has descriptors in JSON"
        self.findings.append(location.finding("descriptor-yaml", message, severity=Severity.NOTE))
        for steps, line, text, other in document.ambiguous[:MAX_MISTAKES]:
            message = (
                f"line {line}: '{text[:100]}' has no quotation marks, and some programs take it for {other}"
            )
            at = location.into(*steps)
            hint = "put it into quotation marks, or write what is meant"
            self.findings.append(
                at.finding("yaml-ambiguous", message, hint=hint, value=text, severity=Severity.WARNING)
            )
        return document

    def model(self, model: type[M], raw: object, location: DescriptorLocation, kind: str) -> M | None:
        """An object as a model, or `None` where it cannot be read; see `read_model`."""
        read, findings = read_model(model, raw, location, kind=kind)
        self.findings += findings
        return read

    def part(
        self, model: type[M], raw: Any, location: DescriptorLocation, kind: str
    ) -> tuple[M | None, DescriptorLocation]:
        """A schema or dialect, which is an object or the path of a file, and where it is."""
        if isinstance(raw, str):
            problem = self.path_finding(raw, location)
            if problem is not None:
                self.findings.append(problem)
                return None, location
            path, location = raw, DescriptorLocation(raw, table=location.table)
            try:
                raw = self._json(path, location)
            except SourceProblem as answer:
                self.findings.append(location.finding(answer.code, answer.reason, hint=answer.hint))
                return None, location
            except CasetrailError as error:
                self.findings.append(location.finding("file-not-json", str(error)))
                return None, location
        return self.model(model, raw, location, kind), location
