"""The parts of the documents that are made from the code. `make docs` puts them in; test_docs.py holds that they stand.

Run: python tests/docs/generated.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def generated() -> dict[Path, str]:
    """Each file's whole text, as it should stand."""
    from deckcast import documents, settings
    from deckcast.check import pages
    from deckcast.cli.reference import reference
    from supply import licences

    docs = ROOT / "docs"
    made = {
        docs / "writing.md": _between("writing.md", "settings", settings.reference() + "\n"),
        docs / "checks.md": _between("checks.md", "rules", pages.reference()),
        docs / "commands.md": _between("commands.md", "commands", reference() + "\n"),
    }
    terms = _between("licences.md", "parts", licences.parts())
    made[docs / "licences.md"] = _put(terms, "packages", licences.table())
    for name in documents.NAMES:
        text = json.dumps(documents.document(name), ensure_ascii=False, indent=2) + "\n"
        made[docs / "schemas" / f"{name}.json"] = text
    return made


def _between(name: str, mark: str, text: str) -> str:
    """The document with a text between its marks."""
    return _put((ROOT / "docs" / name).read_text(encoding="utf-8"), mark, text)


def _put(source: str, mark: str, text: str) -> str:
    begin = source.index(f"<!-- {mark}:")
    begin = source.index("-->\n", begin) + len("-->\n")
    return source[:begin] + text + source[source.index(f"<!-- /{mark} -->") :]


def main() -> None:
    for path, text in generated().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]
    main()
