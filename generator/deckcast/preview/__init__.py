"""The page on which an author sees a deck while it is written.

session.py ─▶ the deck as it is now, drawn; slides spoken and cells run when somebody asks
state.py   ─▶ that as values, and which of them changed
server.py  ─▶ told to every open page, by WebSocket        guard.py ─▶ to nobody else
"""

from __future__ import annotations
