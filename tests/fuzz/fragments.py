"""What decks, settings, notes and kept files are grown from, and texts that grow in one way each, by target."""

from __future__ import annotations

import re
from collections.abc import Callable

Family = Callable[[int], str]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\S+", text))


_BREAKS = ("\n", "\n\n", " ", "  ", "\t", "\r\n", "\u00a0", "\u2028", "\0", "\ufeff", "é", "漢字", "😀", "\u202e", "x")
_DECK = (
    "\n---\n", "\n--\n", "\n???\n", "\n```\n", "\n```python exec\n", "\n``` {python}\n", "    ",
    "---\ntitle: A\n---\n",
    "\n```mermaid\ngraph LR\n", "\n```dot\ndigraph {a->b}\n", "\n```svg\n<svg><g/></svg>\n", "\n<!-- fit -->\n",
    *_words(r"""# ## > - 1. * ** _ ` | :-: [a](b) ![a](b.png) ![:scale 50%](a.png) .a[ .left-column[ ] [^1] [^1]:
    $x$ $$
    \\( {{title}} {{content}} name: class: layout: template: count: exclude: look: background-image: url( <b> </b>
    <style> </style> <svg> </svg> <table> <td> </table> !!! [!NOTE] :rocket: {width=1} `py`1+1` `{python}`x` &amp;
    <!--
    --> <pre> zoom: pan: transition: voice: duration: music: true false title: typed lines=1|2"""),
)  # fmt: skip
_NOTES = (
    "[say \"burt\"]", "[say /bɜːt/]", "[point \"words\"]", "[pause 2s]", "[rate 0.9]", "[voice \"a\"]",
    "[emphasis]", "[spell]", "\n\n", ". ", "? ", "e.g. ", "3.14", "1,000,000", "12:30", "2026-11-27", "€5", "50%",
    "x²",
    *_words(r"""[click] [pause] [/say] [/spell] [say [point] [/point] [pause 0] [pause 999999] [rate [/rate] [voice
    \[click] GPT-4 BERT's https://a.org/b?c=d a@b.org `code_x()` $\frac{1}{2}$ 1/2 XIV 10^6 1e-5 C++ --> - — … « » “ ”
    <b> </b> Dr. z. B. 3rd 1st ½ km/h MB #1 @a & α ∑ ¼ № 0x1F v1.2.3 $5 -7 °C 1990s"""),
)  # fmt: skip
_TOML = (
    "\n", " = ", "\n[slides]\n", "\n[video]\n", "\n[narration.lexicon]\n", "\n[tool.deckcast]\n", "[[", "]]",
    "= {a = 1}",
    *_words(r"""theme size fps voice language lexicon title author rate pause true false 1 -1 1.5 inf nan 1e400
    "light" "a"
    'b' "" [ ] { } , . # transition transition_seconds 1979-05-27 07:32:00 0x10 handout size "fade" "1080" music order
    exec timeout css \"\"\" publish narration lesson deckcast"""),
)  # fmt: skip
_YAML = (
    "---\n", "\n---\n", ": ", "\n- ", "\n  ", "title: A\n", "theme: light\n", "lexicon:\n  BERT: burt\n",
    "language: de\n",
    *_words(r"""&a *a !!x | > ? [ ] { } , # 'a "a" ~ null yes 012 1e999 .nan 0x1 12:30 2026-11-27 <<: %YAML @ ` \
    size: fps:
    voice: rate: css: cover: music: logo: footer: exec: timeout: transition: author: date: handout:
    highlight_style:"""),
)  # fmt: skip
_JSON = _words(r"""{ } [ ] , : "a" "format" "seal" "measured" "sessions" "cells" "inlines" "files" "steps"
    "settings" "lesson"
    "answer" "sha256" "facts" "blobs" "key" null true false 0 1 -1 1e999 NaN Infinity "" "\ud800" 1e5 "video"
    "seconds"
    "title" "start" "narration" "text" "language" "description" "size" "asked" "slide" "accent" "#ffffff" "file"
    "data" "kind"
    "stdout" "image/png" "outputs" "peak" "dates" "session" "failure" "line" "versions" "parts" "decks" "outputs"
    "lesson" """)
_HTML = _words(r"""<b> </b> <table> <tr> <td> <th> </table> <td/colspan=2> <script> </script> <style> </style> <!--
    --> <![x
    <?x &amp; &#x41; &#99999999; &x; <img/src=x/onerror=y> <svg> <a/href="javascript:x"> <p> <li> </p> <pre>
    <textarea>
    </textarea> <title> <math> <iframe> <br> <h1> <![CDATA[ ]]> <noscript> " ' = < > / colspan="3" rowspan="999" x""")
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">', '<rect width="1" fill="red"/>', '<use href="#a"/>',
    '<g id="a">', "</g>", "</svg>", '<text x="1">a</text>', "<style>.a{fill:red}</style>", '<a href="x">', "</a>",
    '<!DOCTYPE svg [<!ENTITY a "b">]>', "&a;", "&nbsp;", '<image href="data:image/png;base64,AA=="/>', "<script>",
    "</script>", '<animate attributeName="x"/>', 'style="fill:url(#a)"', 'onload="x"', '<?xml version="1.0"?>',
    "<x:y/>",
    'viewBox="1e999 nan 0 -1"', 'width="1e9"', "<foreignObject>", "</foreignObject>", 'height="10%"', "<![CDATA[",
    "]]>",
)  # fmt: skip
_CSS = _words(r"""a{} .a{color:red} @import "a.css"; @import/**/url(a) layer(x) supports(display:grid) url(a.png)
    url("a) /* */ \26
    \0 \110000 ( ) { } ; , " ' @media print @charset "utf-8"; @layer a,b; url( @font-face{src:url(x)} :root{--a:1}
    [a=b] ::x""")
_OPTIONS = (
    "\n```python exec ", "\n```{python ", "\n#| ", "\n```\n", "\n#| echo: false\n", "\n#| lines: 1|2", "\nx = 1\n",
    *_words(r"""{r, } {python} {{python}} {.python} exec=false hidden echo=false output=right name=a lines=1|2
    fold=1-2
    timeout=2m needs=gpu files=../x may_fail varies label= eval=FALSE #| --| %%| title="x typed=3s numbers=5 alt="
    } = , | -
    [gpu, hub] &a *a !!x fig-cap: lines=999999999 fold=9-1 timeout=1e999 typed=nan output=zz name="""),
)  # fmt: skip
_TERMINAL = ("\x1b[31m", "\x1b[0m", "\x1b[38;5;999m", "\x1b[38;2;1;2;3m", "\x1b[", "\x1b]0;a\x07", "\r", "\b",
    "a\tb", "\x1b[K",
             "\x1b[99999999999m", "\x1b[;;m", "\x1b[2A", "\x9b1m")  # fmt: skip
_LANGUAGES = _words("""en de fr es ar he zh ja ru pt-BR de-AT zh-Hans x-a i-klingon a - _ / .. . en_US en-x-y xx
    und tlh
    toolonglanguage 123 \u0130""")

_BYTES = ("\0", "\x01", "\x7f", "\0\0\0\0", "\0\0\0\x01", "\x7f\x7f\x7f\x7f", "\x08\x06", "é", "\xff\xd8", "\n")
_VOICES = _words("""
    "audio" "sample_rate" "espeak" "voice" "num_symbols" "num_speakers" "speaker_id_map" "phoneme_id_map" "language"
    "code" "model_type" "phoneme_type" PK\x03\x04 PK\x01\x02 PK\x05\x06 .npy license: ---""")

FRAGMENTS: dict[str, tuple[str, ...]] = {
    "deck": _DECK + _BREAKS,
    "lesson": _DECK + _NOTES + _YAML + _OPTIONS + _BREAKS,
    "front_matter": _YAML + _BREAKS,
    "configuration": _TOML + _BREAKS,
    "theme": _TOML + _BREAKS,
    "language": _LANGUAGES,
    "notes": _NOTES + _BREAKS,
    "lexicon": (*_NOTES, "=", ",", "/bɜːt/", "\\", "a=b", *_BREAKS),
    "captions": _NOTES + _BREAKS,
    "record": _JSON,
    "manifest": _JSON,
    "kept": _JSON,
    "svg": _SVG + _CSS + _BREAKS,
    "css": _CSS + _BREAKS,
    "html": _HTML + _BREAKS,
    "picture": (
        *_BYTES,
        *_SVG[:4],
        "PNG",
        "IHDR",
        "IDAT",
        "PLTE",
        "tRNS",
        "fcTL",
        "GIF89a",
        "RIFF",
        "WEBPVP8X",
        "ANMF",
    ),
    "film": (*_BYTES, "ftypisom", "moov", "trak", "stts", "stsz", "elst", "mdat", "GIF89a", "NETSCAPE2.0"),
    "sound": (*_BYTES, "RIFF", "WAVEfmt ", "data", "fLaC", "ID3", "LAME", "OggS", "OpusHead", "ftypM4A "),
    "voices": (*_JSON, *_VOICES),
    "terminal": _TERMINAL + _BREAKS,
    "cells": _OPTIONS + _BREAKS,
}
"""By target."""


def _deep(begin: str, inside: str, end: str) -> Family:
    return lambda n: begin * n + inside + end * n


FAMILIES: dict[str, dict[str, Family]] = {
    "deck": {
        "mixed": lambda n: ".a[b] *c* `d` $e$\n\n---\n\n" * n,
        "classes": lambda n: ".a[" * n,
        "deep classes": _deep(".a[", "b", "]"),
        "emphasis": lambda n: "*a _b " * n,
        "strong": lambda n: "**a" * n,
        "open links": lambda n: "[" * n,
        "links": lambda n: "[a](" * n,
        "references": lambda n: "[a][b] " * n + "".join(f"\n[b{i}]: c" for i in range(n)),
        "pictures": lambda n: "![a" * n,
        "ticks": lambda n: "".join("`" * (1 + i % 40) + "a" for i in range(n)),
        "tables": lambda n: "|a|b|\n|-|-|\n" + "|1|2|\n" * n,
        "columns": lambda n: "|a" * n + "|\n" + "|-" * n + "|\n" + "|1|\n" * 10,
        "quotes": lambda n: ">" * n + "a",
        "lists": lambda n: "".join("  " * (i % 60) + "- a\n" for i in range(n)),
        "breaks": lambda n: "\n--\n" * n,
        "notes": lambda n: "\n???\n" * n,
        "foot-notes": lambda n: "".join(f"[^{i}] " for i in range(n)) + "".join(f"\n[^{i}]: a\n" for i in range(n)),
        "formulas": lambda n: "$a" * n,
        "tags": lambda n: "<b " * n,
        "open comments": lambda n: "<!--" * n,
        "macros": lambda n: "![:scale 5%](" * n,
        "properties": lambda n: "".join(f"a{i}: b\n" for i in range(n)) + "# A",
        "spaces": lambda n: "a" + " " * n + "b",
        "entities": lambda n: "&amp;&#65;&x" * n,
        "emoji": lambda n: ":a" * n,
        "fences": lambda n: "```\n" * n,
        "variables": lambda n: "layout: true\n{{a}} {{content}}\n---\n" + "a: b\n{{a}}\n---\n" * n,
    },
    "lesson": {
        "slides": lambda n: "# A\n\nb\n\n???\nOne sentence, of six words.\n\n---\n" * n,
        "steps": lambda n: "- a\n\n--\n\n" * n,
        "tables": lambda n: "# A\n\n| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * n,
        "words": lambda n: "# A\n\n" + "word " * n + "\n\n???\nOne.\n",
        "pictures": lambda n: "# A\n\n" + "![a](b.png) " * n,
        "raw pictures": lambda n: "# A\n\n" + "<img src=b.png " * n,
        "open tags": lambda n: "# A\n\n<div>" + '<a b="' * n,
        "open comments": lambda n: "# A\n\n" + "<!-- " * n,
        "links": lambda n: "# A\n\n" + "[a](#b) " * n,
        "classes": lambda n: "# A\n\n" + ".a[" * n,
        "emphasis": lambda n: "# A\n\n" + "*a _b " * n,
    },
    "front_matter": {
        "options": lambda n: "---\n" + "".join(f"x{i}: 1\n" for i in range(n)) + "---\n# A",
        "one list": lambda n: "---\nexec: [" + "a, " * n + "]\n---\n# A",
        "brackets": lambda n: "---\na: " + "[" * n + "\n---\n# A",
        "aliases": lambda n: (
            "---\na0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, n)) + "---\n# A"
        ),
        "merges": lambda n: "---\na: &a {b: c}\nd:\n" + "  <<: *a\n" * n + "---\n# A",
        "quotes": lambda n: "---\na: " + "\"'" * n + "\n---\n# A",
    },
    "configuration": {
        "settings": lambda n: "[slides]\n" + "".join(f"x{i} = 1\n" for i in range(n)),
        "words": lambda n: "[narration.lexicon]\n" + "".join(f"x{i} = 'a'\n" for i in range(n)),
        "dots": lambda n: "a" + ".a" * n + " = 1",
        "arrays": _deep("a = " + "[", "", "]"),
    },
    "theme": {"settings": lambda n: "".join(f"x{i} = 1\n" for i in range(n))},
    "language": {"subtags": lambda n: "en" + "-ab" * n},
    "notes": {
        "marks": lambda n: "[click] one [pause 1s] two. " * n,
        "open marks": lambda n: '[say "' * n,
        "open words": lambda n: '[say "a"]b' * n,
        "numbers": lambda n: "1,234.5 " * n,
        "digits": lambda n: "1" * n,
        "dots": lambda n: "a." * n,
        "dashes": lambda n: "-" * n,
        "capitals": lambda n: "A" * n,
        "hyphens": lambda n: "a-" * n,
        "brackets": _deep("[", "a", "]"),
        "formulas": lambda n: "$\\frac{1}{2}$ " * n,
        "braces": lambda n: "$" + "{" * n + "}" * n + "$",
        "slashes": lambda n: "a/b/" * n,
        "address": lambda n: "https://a.org/" + "b.c/" * n,
        "blanks": lambda n: " " * n + "a",
        "colons": lambda n: "12:30:" * n,
        "zero widths": lambda n: "\u200b" * n + "a",
    },
    "lexicon": {
        "entries": lambda n: "\n".join(f"x{i}=b" for i in range(n)),
        "one word": lambda n: "a" * n + "=b",
        "sounds": lambda n: "a=" + "/b/" * n,
    },
    "captions": {
        "sentences": lambda n: "One sentence, of six words.\n" * n,
        "one word": lambda n: "a" * n,
        "marks above": lambda n: "a" + "\u0301" * n,
        "commas": lambda n: "a, " * n,
        "ideographs": lambda n: "漢" * n,
    },
    "record": {"depth": lambda n: "[" * n, "objects": lambda n: '{"a":' * n, "items": lambda n: "[" + "1," * n + "1]"},
    "manifest": {
        "depth": lambda n: "[" * n,
        "objects": lambda n: '{"a":' * n,
        "items": lambda n: "[" + "1," * n + "1]",
    },
    "kept": {
        "depth": lambda n: "[" * n,
        "objects": lambda n: '{"a":' * n,
        "items": lambda n: "[" + "1," * n + "1]",
        "ledgers": lambda n: '{"asked": {' + ",".join(f'"p{i}": ["frame-1", [["html", "0"]]]' for i in range(n)) + "}}",
        "decks": lambda n: '{"version": 1, "decks": {' + ",".join(f'"/a/{i}.md": ["1"]' for i in range(n)) + "}}",
        "outputs": lambda n: '{"inputs": "0", "outputs": [' + ",".join(["[0, 0, 0]"] * n) + '], "browser": [[], ""]}',
    },
    "svg": {
        "shapes": lambda n: "<svg>" + '<rect width="1" style="fill:url(#a)"/>' * n + "</svg>",
        "depth": lambda n: "<g>" * n,
        "rules": lambda n: "<svg><style>" + ".a{fill:red}" * n + "</style></svg>",
        "open comments": lambda n: "<svg><style>" + "/*" * n + "</style></svg>",
        "names": lambda n: "<svg>" + "".join(f'<g id="a{i}"/>' for i in range(n)) + "</svg>",
        "selectors": lambda n: "<svg><style>" + ".a," * n + ".b{fill:red}</style></svg>",
        "characters": lambda n: "<svg><text>" + "&nbsp;" * n + "</text></svg>",
    },
    "css": {
        "addresses": lambda n: "a{b:url(c)}" * n,
        "open addresses": lambda n: "url(" * n,
        "open strings": lambda n: "\"'" * n,
        "open comments": lambda n: "/*" * n,
        "back-slashes": lambda n: "url(" + "\\" * n,
        "imports": lambda n: '@import "a";' * n,
        "open imports": lambda n: '@import "a" supports(' + "(" * n,
        "blanks in imports": lambda n: "@import" + " " * n + "x",
        "blanks in addresses": lambda n: "url(a" + " " * n + "b",
        "layers": lambda n: '@import "a" layer(' + " " * n,
    },
    "html": {
        "tags": lambda n: "<b>" * n,
        "cells": lambda n: "<table>" + "<tr><td>1</td></tr>" * n + "</table>",
        "wide cells": lambda n: "<table><tr>" + "<td colspan=99>1</td>" * n + "</tr></table>",
        "open tags": lambda n: '<a b="' * n,
        "open comments": lambda n: "<!--" * n,
        "declarations": lambda n: "<![x" * n,
        "characters": lambda n: "&amp;&#65;&x" * n,
        "scripts": lambda n: "<script>" * n,
        "styles": lambda n: "<style>a{}</style>" * n,
        "angles": lambda n: "<" * n,
        "attributes": lambda n: "<b " + "a=b " * n + ">",
    },
    "picture": {
        "chunks": lambda n: "\x89PNG\r\n\x1a\n" + "\0\0\0\0IEND" * n,
        "blocks": lambda n: "GIF89a\x01\0\x01\0\0\0\0" + "!\x01\0" * n,
        "depth": lambda n: "<svg>" * n,
    },
    "film": {"boxes": lambda n: "\0\0\0\x08moov" * n},
    "sound": {"chunks": lambda n: "RIFF\0\0\0\0WAVE" + "data\0\0\0\0" * n},
    "voices": {"depth": lambda n: "[" * n, "objects": lambda n: '{"a":' * n, "files": lambda n: "PK\x05\x06" * n},
    "terminal": {
        "colours": lambda n: "\x1b[31ma" * n,
        "numbers": lambda n: "\x1b[" + "1;" * n + "m",
        "open sequences": lambda n: "\x1b[" * n,
        "open titles": lambda n: "\x1b]" * n,
        "returns": lambda n: "ab\r" * n,
        "back-spaces": lambda n: "ab\b\b" * n,
        "digits": lambda n: "\x1b[" + "1" * n,
    },
    "cells": {
        "cells": lambda n: "```python exec\nx = 1\n```\n\n" * n,
        "options": lambda n: "```python exec\n" + "#| echo: false\n" * n + "```\n",
        "words": lambda n: "```python exec " + "a=b " * n + "\n```\n",
        "lists": lambda n: "```python exec\n#| needs: " + "[" * n + "\n```\n",
        "values": lambda n: "`py`1`" * n,
        "lines": lambda n: "```python exec lines=" + "1|" * n + "\nx\n```\n",
        "ranges": lambda n: "```python lines=1-" + "9" * n + "\nx\n```\n",
    },
}
"""By target: what each grows in."""
