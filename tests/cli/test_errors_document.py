# SPDX-License-Identifier: Apache-2.0
"""docs/errors.md describes every error id, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from edgesdk import errors

TEXT = (Path(__file__).parents[2] / "docs/errors.md").read_text()
KINDS = [k for k in vars(errors).values() if isinstance(k, errors.ErrorKind)]


def test_every_id_is_described_with_its_title_and_exit_code() -> None:
    sections = {}
    for section in TEXT.split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        sections[heading] = body
    assert sorted(sections) == sorted(f"{k.id}: {k.title}" for k in KINDS)
    for kind in KINDS:
        body = sections[f"{kind.id}: {kind.title}"]
        assert body.strip().startswith(f"Exit {kind.exit_code}. ")
        assert "\nTry: " in body


def test_ids_are_unique_and_well_formed() -> None:
    ids = [k.id for k in KINDS]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"EDGE-[A-Z]+-[0-9]{3}", i) for i in ids)
    assert {k.exit_code for k in KINDS} <= {1, 2, 3, 4, 5}
