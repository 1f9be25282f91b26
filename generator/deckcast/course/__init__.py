"""What leads from lesson to lesson: made of what stands in the output folder, after each build.

entries.py  the lessons that stand there, and their order
page.py     the page of all lessons
around.py   what a lesson's page knows of the others
feed.py     the lessons as a podcast; artwork.py: the pictures that stand for the course
site.py     writes all of that where it is another than what stands, and takes it away where no lesson is left
"""

from __future__ import annotations

from deckcast.course.entries import Entry, gather
from deckcast.course.page import NAME, course_page
from deckcast.course.site import Site, check, refresh, write

__all__ = ["NAME", "Entry", "Site", "check", "course_page", "gather", "refresh", "write"]
