"""Paths of a worker, told as the author's."""

from __future__ import annotations

from pathlib import Path

from deckcast.cluster.paths import Renaming, pairs, shown


def test_a_path_at_home_is_shown_as_tracebacks_show_it() -> None:
    assert shown("/home/ada/deck", "/home/ada") == "~/deck"
    assert shown("/home/adam/deck", "/home/ada") == "/home/adam/deck"
    assert shown("/home/ada", "/home/ada") == "~"


def test_copies_are_told_as_what_they_are_copies_of() -> None:
    copy = (("/tmp/w/chapters/one", "/tmp/w/chapters/one"), ("/tmp/w/chapters", "/tmp/w/chapters"))
    own = (("/home/ada/c/chapters/one", "~/c/chapters/one"), ("/home/ada/c/chapters", "~/c/chapters"))
    told = Renaming(copy, own)
    assert told("File /tmp/w/chapters/tools.py:3 in read") == "File ~/c/chapters/tools.py:3 in read"
    assert told("cwd: /tmp/w/chapters/one") == "cwd: /home/ada/c/chapters/one"
    assert told("/tmp/w/elsewhere") == "/tmp/w/elsewhere"


def test_a_worker_may_keep_its_copies_at_its_own_home() -> None:
    told = Renaming((("/root/x/one", "~/x/one"),), (("/srv/one", "/srv/one"),))
    assert told("File ~/x/one/a.py:1, and /root/x/one/b.txt") == "File /srv/one/a.py:1, and /srv/one/b.txt"


def test_the_folder_of_all_chapters_counts_where_modules_are_shared(tmp_path: Path) -> None:
    found = pairs(tmp_path, sharing=True)
    assert [path for path, _ in found] == [str(tmp_path), str(tmp_path.parent)]
    assert len(pairs(tmp_path, sharing=False)) == 1
