"""Slides and files that are small to write and endless to draw."""

from __future__ import annotations

import struct
import zlib


def huge_png(side: int) -> bytes:
    """A black square of many pixels in few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def laughing_svg() -> str:
    """Entities of entities."""
    more = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE svg [<!ENTITY a0 "ha">{more}]><svg xmlns="http://www.w3.org/2000/svg"><text>&a11;</text></svg>'


def copies() -> str:
    """An SVG that uses twelve times what uses twelve times …"""
    groups = ["<g id=g0><circle r=3 /></g>"]
    groups += [f"<g id=g{n}>{f'<use href=#g{n - 1} />' * 12}</g>" for n in range(1, 9)]
    return f"<svg>{''.join(groups)}</svg>"


def filters() -> str:
    one = '<feTurbulence type="turbulence" baseFrequency="0.9" numOctaves="10000"/><feGaussianBlur stdDeviation="500"/>'
    return (
        f'<svg width="1900" height="1000"><filter id="f" x="0" y="0" width="1" height="1">{one * 30}</filter>'
        '<rect width="2000" height="2000" filter="url(#f)"/></svg>'
    )
