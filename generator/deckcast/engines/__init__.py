"""Engines: everything behind a port, one file each, imported when asked for.

Engines import no stage and no other engine. The tables that choose between engines of one kind are
`stores.py`, `voices.py` and `browser_find.py`.
"""
