# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesdk.emit.identifiers import LONGEST, identifier


@given(st.text(max_size=100))
def test_any_file_name_gives_a_c_identifier(name: str) -> None:
    text = identifier(name)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", text)
    assert len(text) <= LONGEST + 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kws01.tflite", "kws01"),
        ("../a/My Model-3.tflite", "my_model_3"),
        ("*/.tflite", "model"),
        ("3d.tflite", "m_3d"),
        ("edge_app.tflite", "m_edge_app"),
    ],
)
def test_known_names(name: str, expected: str) -> None:
    assert identifier(name) == expected
