# SPDX-License-Identifier: Apache-2.0
"""Sizes and ports as people type them."""

from __future__ import annotations

import pytest
import typer

from edgesdk.cli import main as cli
from edgesdk.cli.options import parse_port, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(("65536", 65_536), ("64K", 65_536), ("64k", 65_536), ("64KB", 65_536), ("64 KiB", 65_536), ("512B", 512)),
        *(("1.5K", 1_536), ("1M", 1 << 20), (" 2mib ", 2 << 20), ("0.001M", 1_048)),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "K", "64G", "6 4K", "1e3", "0x10", "64KK", "1.K", "nan"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not a size"):
        parse_size(text)


@pytest.mark.parametrize("text", ["0", "-5", "-1.5K", "0.0001"])
def test_nothing_is_no_size(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="more than 0 bytes"):
        parse_size(text)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_port_is_a_mistake_in_a_script(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.BadParameter, match="is empty"):
        parse_port(text)
    assert cli.run(["profile", "absent.tflite", "--board", "host", "--port", text]) == 2
    assert "is empty" in capsys.readouterr().err
