"""Report: what a validation found, exact in its counts and bounded in its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casetrail.findings.excerpt import Source
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.renderings import render, report_schema
from casetrail.findings.report_content import CheckRun, ReportContent, TableSummary

if TYPE_CHECKING:
    import pyarrow as pa

DEFAULT_LIMIT = 1000
"""How many findings of one code a report carries in full; all are counted."""


class ReportBuilder:
    """Collects findings: keeps the first `limit` of each code and counts every one.

    A check that knows how many cells are wrong without describing each asks `remaining` first, adds that many
    findings, and counts the others with `count`. Checks that run side by side have a `part` each. Of codes
    that are `full` none is kept.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT, full: frozenset[str] = frozenset()) -> None:
        self.limit = limit
        self._full = full
        self._numbers: Counter[tuple[str, Severity]] = Counter()
        self._kept: dict[str, list[Finding]] = {}
        self._parts: list[ReportBuilder] = []

    def absorb(self, block: ReportBuilder, rows: int = 0, lines: int = 0) -> None:
        """Take in what was found in the next block of a file, so many rows and lines further down.

        A finding that is about no row is about the schema: each block may make it, and one is enough.
        """
        self._numbers.update(block._numbers)
        for code, findings in block._kept.items():
            kept = self._kept.setdefault(code, [])
            for finding in findings:
                if finding.row is None and finding in kept:
                    self._numbers[code, finding.severity] -= 1
                elif len(kept) < self.limit:
                    kept.append(finding.shifted(rows, lines))

    def join(self, code: str, join: Callable[[list[Finding]], list[Finding]]) -> None:
        """Put the findings of a code that are parts of one mistake together, and count each mistake once."""
        kept = self._kept.get(code)
        if kept:
            self._kept[code] = joined = join(kept)
            self._numbers[code, kept[0].severity] -= len(kept) - len(joined)

    def of_block(self) -> ReportBuilder:
        """A builder for one of the blocks to come, which `absorb` takes in."""
        # A list first: another thread may be taking in a block.
        kept_of = list(self._kept.items())
        full = self._full.union(code for code, kept in kept_of if len(kept) >= self.limit)
        return ReportBuilder(self.limit, full)

    def part(self) -> ReportBuilder:
        """A new builder for a check that runs by the side of others; `merged` puts it and this together."""
        part = ReportBuilder(self.limit)
        self._parts.append(part)
        return part

    def merged(self) -> ReportBuilder:
        """One builder of this and its parts: of each code the first findings by place are kept."""
        merged = ReportBuilder(self.limit)
        kept: list[Finding] = []
        for part in self._all():
            merged._numbers.update(part._numbers)
            kept += [finding for group in part._kept.values() for finding in group]
        for finding in sorted(kept, key=_order):
            of_code = merged._kept.setdefault(finding.code, [])
            if len(of_code) < self.limit:
                of_code.append(finding)
        return merged

    def with_each(self, change: Callable[[Finding], Finding]) -> ReportBuilder:
        """The same counts, and each finding that is kept as `change` gives it."""
        changed = ReportBuilder(self.limit)
        changed._numbers.update(self._numbers)
        changed._kept = {code: [change(finding) for finding in kept] for code, kept in self._kept.items()}
        return changed

    def _all(self) -> Iterator[ReportBuilder]:
        """This one and its parts."""
        pending = [self]
        while pending:
            part = pending.pop()
            pending += part._parts
            yield part

    def has_errors(self) -> bool:
        """Whether there is an error in this one or a part of it."""
        return any(part.severities[Severity.ERROR] for part in self._all())

    @property
    def counts(self) -> Counter[str]:
        """How many findings there are of each code."""
        counts: Counter[str] = Counter()
        for (code, _), number in self._numbers.items():
            counts[code] += number
        return counts

    @property
    def severities(self) -> Counter[Severity]:
        """How many findings there are of each severity."""
        severities: Counter[Severity] = Counter()
        for (_, severity), number in self._numbers.items():
            severities[severity] += number
        return severities

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings kept, in the order of package, table, row and column."""
        kept = [finding for group in self._kept.values() for finding in group]
        return tuple(sorted(kept, key=_order))

    def remaining(self, code: str) -> int:
        """How many more findings of this code are kept in full."""
        return 0 if code in self._full else max(0, self.limit - len(self._kept.get(code, ())))

    def add(self, finding: Finding) -> None:
        """Count the finding, and keep it while there is room for its code."""
        self._numbers[finding.code, finding.severity] += 1
        self._keep(finding)

    def count(self, code: str, number: int, severity: Severity = Severity.ERROR) -> None:
        """Count `number` findings of this code that nobody will describe."""
        if number > 0:
            self._numbers[code, severity] += number

    def _keep(self, finding: Finding) -> None:
        if self.remaining(finding.code):
            self._kept.setdefault(finding.code, []).append(finding)


def _order(finding: Finding) -> tuple[bool, str, int, int, str, str]:
    place = finding.place
    return (
        place.table is not None,
        place.path or "",
        place.row or 0,
        place.column or 0,
        finding.code,
        place.value or "",
    )


@dataclass(frozen=True, slots=True)
class Report(ReportContent):
    """The outcome of a validation.

    `valid` says whether there is no error; `tables` lists the tables that were read, `checks` the checks and
    whether each ran, `findings` what was found, by place, and `counts` how often each code was found: all
    are counted, also those beyond the limit of what is listed. In a notebook it shows itself.
    """

    source: Source | None = field(default=None, compare=False, repr=False)
    """Looks up the records of the files, for renderings that show them."""

    def render(
        self,
        format_name: str = "text",
        *,
        colour: bool = False,
        width: int | None = None,
        base: str = "",
        tool_version: str | None = None,
        documentation_url: str | None = None,
    ) -> str:
        """The report as `text`, `json`, `github`, `sarif`, `junit`, `html` or `markdown`.

        What the keywords mean is said at `RenderOptions`.

        Raises:
            CasetrailError: For another format.
        """
        return render(
            self,
            format_name,
            colour=colour,
            width=width,
            source=self.source,
            base=base,
            tool_version=tool_version,
            documentation_url=documentation_url,
        )

    def to_json(self) -> str:
        """The report as a JSON object, which keeps to `json_schema`."""
        return self.render("json")

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """The JSON Schema (draft 2020-12) of what `to_json` gives."""
        return report_schema()

    def to_table(self) -> pa.Table:
        """The findings as an Arrow table, one row each; `findings_table.SCHEMA` describes its columns."""
        from casetrail.findings.findings_table import findings_table

        return findings_table(self.findings)

    def _repr_html_(self) -> str:
        """How a notebook shows the report: the verdict, and each group of findings in one row."""
        from casetrail.findings.html import render_fragment

        return render_fragment(self)

    @classmethod
    def of(
        cls,
        builder: ReportBuilder,
        *,
        package: str,
        version: str | None,
        tables: tuple[TableSummary, ...] = (),
        checks: tuple[CheckRun, ...] = (),
        meanings: Mapping[str, str] | None = None,
        source: Source | None = None,
        ranks: Mapping[str, int] | None = None,
    ) -> Report:
        """Close a builder: `counts` by code in alphabetical order, `findings` by rank and place.

        Of the `meanings` and `ranks` given, those of the codes that were found are kept.
        """
        severities = builder.severities
        of_codes = {code: ranks[code] for code in sorted(builder.counts) if ranks and ranks.get(code)}
        return cls(
            package=package,
            version=version,
            tables=tables,
            checks=checks,
            counts=dict(sorted(builder.counts.items())),
            findings=tuple(sorted(builder.findings, key=lambda finding: of_codes.get(finding.code, 0))),
            errors=severities[Severity.ERROR],
            warnings=severities[Severity.WARNING],
            notes=severities[Severity.NOTE],
            meanings={
                code: meanings[code] for code in sorted(builder.counts) if meanings and code in meanings
            },
            ranks=of_codes,
            source=source,
        )
