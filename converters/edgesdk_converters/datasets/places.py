# SPDX-License-Identifier: Apache-2.0
"""Where data sets lie."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from edgesdk.errors import DATA_MISSING, EdgeError
from edgesdk.text import printable

VARIABLE = "EDGESDK_DATA"


def find_folder(name: str, files: Sequence[str], installed: Sequence[Path], how: Sequence[str]) -> Path:
    """The first folder that holds all of `files`: EDGESDK_DATA, its subfolder `name`, then those of `installed`.

    Args:
        name: of the data set.
        how: to get it.

    Raises:
        EdgeError: DATA_MISSING.
    """
    own = os.environ.get(VARIABLE)
    places = [*([Path(own), Path(own) / name] if own else []), *installed]
    for place in places:
        if all((place / file).is_file() for file in files):
            return place
    looked = ", ".join(printable(str(place)) for place in places)
    raise EdgeError(
        DATA_MISSING,
        f"the data set {name} is not on this machine",
        why=f"not all of its files are in {looked}" if looked else f"{VARIABLE} is not set",
        tries=how,
    )
