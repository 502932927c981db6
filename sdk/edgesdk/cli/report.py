# SPDX-License-Identifier: Apache-2.0
"""edgesdk report"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edgesdk.cli.options import Json
from edgesdk.cli.output import emit
from edgesdk.cli.paths import check_file
from edgesdk.files import write_file
from edgesdk.text import printable


def report(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Outputs of profile --json and plan --json.", show_default=False),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="PAGE", help="The page.", show_default=False)],
    json: Json = False,
) -> None:
    """Make one HTML page of a profile, a plan, or both; of two builds, a comparison.

    A profile and the plan beside it are one build where model, board and options agree.

    Example: edgesdk report profile.json plan.json -o page.html
    """
    from edgesdk.measure.results import ReportResult
    from edgesdk.report.json_input import read_result
    from edgesdk.report.page import builds_of, page_text

    check_file(output)
    builds = builds_of([read_result(path) for path in files])
    page = page_text(builds).encode()
    write_file(output, page)
    emit(ReportResult(output, len(builds), len(page)), lambda done: [f"wrote {printable(str(done.page))}"], json)
