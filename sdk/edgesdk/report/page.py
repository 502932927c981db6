# SPDX-License-Identifier: Apache-2.0
"""One HTML page of one or two builds: self-contained, no script, no reference to anything outside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import jinja2
from markupsafe import Markup

from edgesdk import __version__
from edgesdk.errors import USAGE, EdgeError
from edgesdk.measure.results import LayerProfile, PlanLayer, PlanReport, Profile
from edgesdk.report.document import ratio, shape
from edgesdk.report.page_compare import Change, compared_layers, compared_totals
from edgesdk.report.timeline_svg import svg_text
from edgesdk.text import printable

MOST_BUILDS = 2


@dataclass(frozen=True)
class Build:
    """A profile, a plan, or both of one build: one of them is there."""

    profile: Profile | None
    plan: PlanReport | None

    @property
    def one(self) -> Profile | PlanReport:
        """What says most."""
        found = self.profile or self.plan
        assert found is not None
        return found

    @property
    def layers(self) -> Sequence[LayerProfile | PlanLayer]:
        """Measured ones where there are any."""
        return self.one.layers


def builds_of(results: Sequence[Profile | PlanReport]) -> tuple[Build, ...]:
    """Pairs a profile with the plan beside it (same model, board and options); anything else begins another build.

    Raises:
        EdgeError: USAGE where there are more than two builds.
    """
    found: list[Build] = []
    for result in results:
        last = found[-1] if found else None
        if last is not None and _identity(last.one) == _identity(result):
            if isinstance(result, Profile) and last.profile is None:
                found[-1] = Build(result, last.plan)
                continue
            if isinstance(result, PlanReport) and last.plan is None:
                found[-1] = Build(last.profile, result)
                continue
        found.append(Build(result, None) if isinstance(result, Profile) else Build(None, result))
    if len(found) > MOST_BUILDS:
        raise EdgeError(
            USAGE,
            f"the files are of {len(found)} builds; a page compares two",
            why="a profile and a plan are one build where model, board and options agree and one follows the other",
        )
    return tuple(found)


def _identity(result: Profile | PlanReport) -> tuple[object, ...]:
    return (result.model, result.board, result.optimize, result.input, result.stream, result.macs_executed)


def page_text(builds: Sequence[Build]) -> str:
    """The page."""
    totals: tuple[Change, ...] = ()
    layers: tuple[Change, ...] = ()
    if len(builds) == MOST_BUILDS:
        a, b = builds
        totals = compared_totals(a.profile, a.plan, b.profile, b.plan)
        layers = compared_layers(a.layers, b.layers) if a.one.model == b.one.model else ()
    return _template().render(builds=builds, totals=totals, layers=layers, version=__version__)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("edgesdk.report"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "safe_text": lambda text: printable(text, 120),
        "number": lambda value: "" if value is None else f"{value:,}",
        "ratio": ratio,
        "shape": shape,
        "timeline": lambda plan: Markup(svg_text(plan)),  # escapes the model's strings itself
        "command": _command,
    }
    return environment.get_template("page.html.jinja")


def _command(build: Build) -> str:
    """The command line, as far as the results say it."""
    one = build.one
    verb = "plan" if build.profile is None else "profile"
    stream = "" if one.stream is None else f" --stream {one.stream}"
    flags = f"--board {one.board} --optimize {one.optimize} --input {one.input}{stream}"
    return printable(f"edgesdk {verb} {one.model} {flags} --json", 200)
