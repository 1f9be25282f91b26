"""`python -m deckcast` is the command `deckcast`."""

from deckcast.cli import main

main()
