# SPDX-License-Identifier: Apache-2.0
"""Recipes: experiments with the papers' layers that anyone can run again. A module that binds RECIPE is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from edgesdk.errors import RECIPE_UNKNOWN, EdgeError
from edgesdk.text import printable
from edgesdk_converters.recipes.recipe import Recipe


@cache
def recipes() -> Mapping[str, Recipe]:
    """Name -> recipe."""
    modules = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = {module.RECIPE.name: module.RECIPE for module in modules if hasattr(module, "RECIPE")}
    return MappingProxyType(dict(sorted(found.items())))


def find_recipe(name: str) -> Recipe:
    """The recipe of this name.

    Raises:
        EdgeError: RECIPE_UNKNOWN.
    """
    if name not in recipes():
        raise EdgeError(
            RECIPE_UNKNOWN, f"there is no recipe '{printable(name)}'", tries=(f"choose one of {', '.join(recipes())}",)
        )
    return recipes()[name]
