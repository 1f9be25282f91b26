"""What Pillow raises for a file that is no whole picture, or one of too many pixels."""

from __future__ import annotations

import struct
import zlib


def picture_errors() -> tuple[type[Exception], ...]:
    """For an `except`: its readers let through whatever Python raises where bytes are not what they take them for."""
    from PIL import Image

    return (
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        ArithmeticError,
        AssertionError,
        AttributeError,
        EOFError,
        LookupError,
        MemoryError,
        OSError,
        RuntimeError,
        SyntaxError,
        TypeError,
        ValueError,
        struct.error,
        zlib.error,
    )
