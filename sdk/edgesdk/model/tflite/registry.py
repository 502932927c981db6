# SPDX-License-Identifier: Apache-2.0
"""Finds codecs: every module of this package that binds CODEC or CUSTOM_CODEC, and those of other packages."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from edgesdk.extension import operator_packages
from edgesdk.model import tflite
from edgesdk.model.tflite.codec import Codec, CustomCodec


@cache
def codecs() -> Mapping[str, Codec]:
    """TFLite operator name -> codec."""
    return MappingProxyType({codec.op: codec for codec in _bound("CODEC")})


@cache
def custom_codecs() -> Mapping[str, CustomCodec]:
    """Custom code -> codec."""
    others = (package.codec for package in operator_packages())
    return MappingProxyType({codec.op: codec for codec in (*others, *_bound("CUSTOM_CODEC"))})


def _bound(name: str) -> list[Any]:
    """What the modules, in the order of their names, bind to this name."""
    modules = sorted(info.name for info in pkgutil.iter_modules(tflite.__path__))
    found = (getattr(importlib.import_module(f"{tflite.__name__}.{module}"), name, None) for module in modules)
    return [codec for codec in found if codec is not None]
