# SPDX-License-Identifier: Apache-2.0
"""The description of a firmware kernel: all that plan and emit need to know of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from edgesdk.model.graph import Graph, Node


class Layout(Enum):
    """How a row lies in memory."""

    DENSE = "dense"  # NHWC, pixel pitch = channels
    PITCHED = "pitched"  # NHWC, pixel pitch > channels: a view into a wider map


@dataclass(frozen=True)
class Symbol:
    """A function of the firmware, or with & a constant: only models that name it link it."""

    name: str


Member = int | float | npt.NDArray[Any] | Symbol | None


@dataclass(frozen=True)
class Params:
    """The constants of one operator as the members of the C struct `<symbol>_params`.

    Plain data instead of bytes, so that the C compiler checks every member's name and type.
    A member is a number, or an array that the struct points to (dtype int8, uint8, int16, int32, uint32 or float32;
    emit names and declares it), or a function. None is a null pointer. "a.b" is member b of the struct that is member
    a.
    """

    members: Mapping[str, Member]


@dataclass(frozen=True)
class Overlap:
    """How an output row may overwrite an input row that dies in the same call.

    Allowed is every distance (address of the input row - address of the output row) that is at least `lag` and a
    multiple of `step`; else the two must be disjoint.

    Args:
        lag: bytes. What is written then never reaches an input byte that is still to be read.
        step: bytes; 1: any distance. Kernels that go channel by channel need the pixel pitch.
        any_row: an output row of a band may lie over any dying row of the port; False: only over a row whose last
            reader in the band is that very output row.
    """

    lag: int
    step: int = 1
    any_row: bool = False


class Kernel(ABC):
    """One C kernel, `edge_<op>_<type>[_<family>]`, and what it needs and promises.

    Subclasses are stateless; each module of `edgesdk.kernels` that defines one binds an instance to `KERNEL`.
    The module's name is the symbol without `edge_`; the C side is firmware/kernels/<symbol>.c and <symbol>.h, which
    declares the function and its params struct.
    """

    symbol: ClassVar[str]
    """The C function, such as "edge_conv_2d_s8"."""
    ops: ClassVar[tuple[str, ...]]
    """The TFLite operators it implements."""
    family: ClassVar[str] = "portable"
    """portable, packed, dsp or mve: which cores can run it."""
    late: ClassVar[bool] = False
    """True where an output row is written only by the call that completes it, however many calls lead there."""

    @abstractmethod
    def accepts(self, graph: Graph, node: Node) -> bool:
        """Whether this kernel computes this (checked) node exactly."""

    @abstractmethod
    def pack(self, graph: Graph, node: Node) -> Params:
        """The constants in the layout the C file documents."""

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        """Numbers of operator rows one call may make, best first; a call may get fewer at a frame's end.

        0 stands for all rows of a frame at once.
        """
        return (1,)

    def layouts(self, graph: Graph, node: Node) -> frozenset[Layout]:
        """Row layouts it reads and writes."""
        return frozenset({Layout.DENSE, Layout.PITCHED})

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        """Bytes of scratch (4-aligned) that one call uses; contents do not survive the call."""
        return 0

    def scratch_choices(self, graph: Graph, node: Node, band: int) -> tuple[int, ...]:
        """Bytes of scratch with which it can do, fewest and slowest first; `scratch_bytes` is the last."""
        return (self.scratch_bytes(graph, node, band),)

    def scratch_members(self, graph: Graph, node: Node, scratch: int) -> Mapping[str, Member]:
        """The members of the params that depend on the bytes of scratch it was given, one of the choices."""
        return {}

    def state_bytes(self, graph: Graph, node: Node) -> int:
        """Bytes of state (4-aligned) kept between the calls of one inference; started by the kernel at row 0."""
        return 0

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        """How its output may lie over rows of input position `port` that die in the call; None where it must not."""
        return None

    def fuses(self, graph: Graph, node: Node) -> int | None:
        """Index of the node that it runs as its epilogue, in registers; None where it runs none."""
        return None


def int32_array(values: Any) -> npt.NDArray[np.int32]:
    """Any integers as int32, wrapping modulo 2^32, as the firmware's sums do."""
    wide = np.asarray(values, dtype=np.int64) & 0xFFFFFFFF
    return wide.astype(np.uint32).view(np.int32)
