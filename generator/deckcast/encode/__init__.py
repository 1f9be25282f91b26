"""Timeline to MP4. Cost follows what changed: pieces are encoded once, kept, and joined packet by packet.

lesson.py   the stage: asks, makes, writes
still.py    a picture, encoded once; h264.py writes the bits in which its repetitions differ
aac.py      a take, encoded so that it can be joined to anything
packets.py  which packet is written when
mux.py      the file
listen.py   the sound alone
"""

from __future__ import annotations

from deckcast.encode.lesson import encode, pieces
from deckcast.encode.listen import listen

__all__ = ["encode", "listen", "pieces"]
