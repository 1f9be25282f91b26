"""A build's work on other machines, by Dask: the same tasks as here, with recipes in place of engines.

The build stays with the author: it reads the deck, asks the store, plans and writes the lesson. What costs is sent to
workers as a function of `engines` or of a stage, and its arguments; bytes pass through the store that all share.
"""
