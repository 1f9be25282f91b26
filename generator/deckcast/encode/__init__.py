"""Timeline to video and audio files. Cost follows what changed: pieces are encoded once, kept, joined packet by packet.

formats.py     which files there are to be
lesson.py      lesson.mp4: asks for pictures and sound, writes
audio.py       lesson.m4a: the sound alone
webm.py        lesson.webm, with vp9.py and opus.py
picturing.py   the picture's packets: still.py encodes a picture once, span.py what moves; h264.py writes the bits in
               which repetitions differ
sounding.py    the sound's packets: soundtrack.py cuts it, levels.py finds gains, mix.py mixes, aac.py encodes
music.py       music under the narration; ducking.py says how loud it is when
film_sound.py  the sound of films on slides
packets.py     which packet is written when
mux.py         the file; tracks.py announces what is in it
asking.py      asks for many pieces at once; finished.py for a whole file
listen.py      what is heard, not encoded
"""

from __future__ import annotations

from deckcast.encode.audio import audio_pieces, encode_audio
from deckcast.encode.film_sound import heard as film_sounds
from deckcast.encode.formats import all_pieces, encode_all
from deckcast.encode.lesson import encode, pieces
from deckcast.encode.listen import listen
from deckcast.encode.music import beds
from deckcast.encode.music import check as check_music
from deckcast.encode.sounding import NARRATION, Score
from deckcast.encode.soundtrack import Placed
from deckcast.encode.webm import encode_webm, webm_pieces

__all__ = [
    "NARRATION",
    "Placed",
    "Score",
    "all_pieces",
    "audio_pieces",
    "beds",
    "check_music",
    "encode",
    "encode_all",
    "encode_audio",
    "encode_webm",
    "film_sounds",
    "listen",
    "pieces",
    "webm_pieces",
]
