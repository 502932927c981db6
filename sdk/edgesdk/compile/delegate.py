# SPDX-License-Identifier: Apache-2.0
"""The LiteRT delegate of a model file: its custom operators for stock LiteRT and TensorFlow Lite on this machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from edgesdk import __version__
from edgesdk.boards import load_board
from edgesdk.compile.simulation import compile_host_program
from edgesdk.emit.model import emit_model
from edgesdk.emit.render import render
from edgesdk.errors import OP_UNSUPPORTED, EdgeError
from edgesdk.kernels.palette import palette_of
from edgesdk.model.graph import Graph, Node
from edgesdk.model.plan import Options
from edgesdk.model.tflite.registry import custom_codecs
from edgesdk.plan import plan_graph
from edgesdk.resources import firmware_dir
from edgesdk.rewrite.pipeline import rewrite

FILE = "libedgesdk_delegate.so"
_FLAGS = ("-fPIC", "-shared", "-fvisibility=hidden")


def custom_nodes(graph: Graph) -> dict[int, Node]:
    """The custom operators of a file's graph by their index in the file."""
    return {index: node for index, node in enumerate(graph.nodes) if node.op in custom_codecs()}


def build_delegate(graph: Graph, out_dir: Path) -> Path:
    """Compiles the delegate for a file's graph into `out_dir`; the file's path.

    Every custom operator becomes a network of its own with the portable kernels and the runtime that firmware has.

    Raises:
        EdgeError: OP_UNSUPPORTED where the file has no custom operator; TOOL_MISSING, BUILD_FAILED.
    """
    if not custom_nodes(graph):
        raise EdgeError(OP_UNSUPPORTED, "the model has no custom operator", why="LiteRT runs it without a delegate")
    with tempfile.TemporaryDirectory(prefix="edgesdk-") as scratch:
        work = Path(scratch)
        for name, text in delegate_sources(graph).items():
            (work / name).write_text(text)
        built = work / FILE
        host = firmware_dir() / "host"
        sources = [*sorted(work.glob("*.c")), host / "edge_litert_delegate.c"]
        compile_host_program(sources, built, flags=_FLAGS, includes=(host,))
        target = out_dir / FILE
        staged = target.with_name(f".{FILE}")
        shutil.copy(built, staged)
        staged.replace(target)
    return target


def delegate_sources(graph: Graph) -> Mapping[str, str]:
    """The generated C files."""
    palette = palette_of(*load_board("host").families)
    texts: dict[str, str] = {}
    nodes = []
    for index, node in custom_nodes(graph).items():
        operands = [k for k, t in enumerate(node.inputs) if t >= 0 and not graph.tensors[t].constant]
        named = [t for t in (*node.inputs, *node.outputs) if t >= 0]
        alone = Graph(
            name=f"node{index}",
            crc32=graph.crc32,
            tensors={t: graph.tensors[t] for t in named},
            nodes=(node,),
            inputs=tuple(node.inputs[k] for k in operands),
            outputs=node.outputs,
        )
        options = Options()
        texts |= emit_model(plan_graph(rewrite(alone, options), palette, "ram", options), alone.name)
        nodes.append(
            {
                "index": index,
                "op": node.op,
                "prefix": alone.name,
                "operands": operands,
                "outputs": len(node.outputs),
            }
        )
    texts["litert_nodes.c"] = render("litert_nodes.c.jinja", version=__version__, nodes=nodes)
    return texts
