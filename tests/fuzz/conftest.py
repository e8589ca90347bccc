"""What a fuzz run says at its end: how many cases each test ran."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # From the reports, which reach this process from every worker.
    lines = [
        (report.nodeid, value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "cases" and getattr(report, "when", "") == "call"
    ]
    if lines:
        terminalreporter.section("cases")
        for node, cases in sorted(lines):
            terminalreporter.write_line(f"{cases:>10,}  {node.partition('::')[2]}")
        terminalreporter.write_line(f"{sum(cases for _, cases in lines):>10,}  in all")
