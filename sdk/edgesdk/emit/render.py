# SPDX-License-Identifier: Apache-2.0
"""Fills the templates of this package."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("edgesdk.emit"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # every name that reaches a template is an identifier or a number
    )


def render(template: str, **values: Any) -> str:
    """The text of one template.

    Args:
        template: file name in templates/.
        values: what it shows; a missing one is an error.
    """
    return _environment().get_template(template).render(**values)
