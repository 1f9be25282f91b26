"""Lets `deckcast.parse(…)` and `deckcast.build(…)` be called although modules of the same names live there.

Python binds a submodule to its package's attribute when it is first imported, whoever does that, so the
attribute cannot reliably be a function. It can be a module that is called like one; see "Customizing module
attribute access" in the Python data model.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class CallableModule(ModuleType):
    """A module that hands calls to the function in it that has its name."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return getattr(self, self.__name__.rpartition(".")[2])(*args, **kwargs)


def make_callable(name: str) -> None:
    """Makes the module of that name, which is being imported, callable."""
    sys.modules[name].__class__ = CallableModule
