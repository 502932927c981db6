# SPDX-License-Identifier: Apache-2.0
"""Finds codecs: every module of this package that binds CODEC."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from edgesdk.model import tflite
from edgesdk.model.tflite.codec import Codec


@cache
def codecs() -> Mapping[str, Codec]:
    """TFLite operator name -> codec."""
    found: dict[str, Codec] = {}
    for info in sorted(pkgutil.iter_modules(tflite.__path__), key=lambda m: m.name):
        codec = getattr(importlib.import_module(f"{tflite.__name__}.{info.name}"), "CODEC", None)
        if codec is not None:
            found[codec.op] = codec
    return MappingProxyType(found)
