"""Kinds of channels. Each module of this package that defines `KIND`, or several as `KINDS`, adds them: nothing else
has to be changed. See `docs/channels/new-kind.md`."""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from channels.base import Kind


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name, in alphabetical order."""
    found: dict[str, Kind] = {}
    for module_info in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{module_info.name}")
        for kind in getattr(module, "KINDS", None) or filter(None, [getattr(module, "KIND", None)]):
            if kind.name in found:
                raise ValueError(f"There are two kinds of channels named {kind.name}.")
            found[kind.name] = kind
    return MappingProxyType(dict(sorted(found.items())))
