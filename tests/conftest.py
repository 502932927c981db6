# SPDX-License-Identifier: Apache-2.0
"""Fails a CI session that skips a test for a reason nobody has allowed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_ALLOWED = Path(__file__).parent / "allowed_skips.txt"
_skipped = pytest.StashKey[list[str]]()


def unlisted_skips(reports: list[str], allowed: str) -> list[str]:
    """Of "node: reason" lines, those whose reason starts with no line of the list."""
    prefixes = [line.strip() for line in allowed.splitlines() if line.strip() and not line.startswith("#")]
    return [r for r in reports if not any(r.partition(": ")[2].startswith(p) for p in prefixes)]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_skipped] = []
    config.pluginmanager.register(_SkipCollector(config), "edgesdk-skips")


class _SkipCollector:
    """With pytest-xdist the workers' reports arrive at the controller, which has the last word."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._keep(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._keep(report)

    def _keep(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            where = report.longrepr  # (file, line, reason) for skips
            reason = where[2] if isinstance(where, tuple) else str(where)
            self._config.stash[_skipped].append(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
        if in_ci and not hasattr(session.config, "workerinput") and self._unlisted():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self._unlisted():
            terminalreporter.write_line(f"SKIP not listed in tests/allowed_skips.txt: {line}", red=True)

    def _unlisted(self) -> list[str]:
        return unlisted_skips(self._config.stash[_skipped], _ALLOWED.read_text())
