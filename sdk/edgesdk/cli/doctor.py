# SPDX-License-Identifier: Apache-2.0
"""edgesdk doctor"""

from __future__ import annotations

from edgesdk.cli.config import PRECEDENCE, settings
from edgesdk.cli.options import Json
from edgesdk.cli.output import emit
from edgesdk.errors import EXIT_TOOLCHAIN


def doctor(json: Json = False) -> int:
    """Say what this installation has, what is missing, and which settings are in force.

    Exit 5 where something is missing that nothing works without.

    Example: edgesdk doctor
    """
    from edgesdk.measure.doctor import examine
    from edgesdk.report.machine import render_doctor

    report = examine(tuple(settings().values()), PRECEDENCE)
    emit(report, render_doctor, json)
    return EXIT_TOOLCHAIN if any(check.status == "missing" for check in report.checks) else 0
