"""Deck + settings → frames, through a browser."""

from __future__ import annotations

from deckcast.render.heard import unseen
from deckcast.render.inspect import Examined, examine, inspect
from deckcast.render.stage import render

__all__ = ["Examined", "examine", "inspect", "render", "unseen"]
