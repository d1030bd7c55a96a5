"""A page of HTML taken apart for tests: its text, its attributes, its pictures; whatever is not closed, doubled or pointed at in vain fails here."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

VOID = {"meta", "img", "br", "input"}


class Page(HTMLParser):
    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.html = data.decode()
        self.pieces: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        """Tag, name, value."""
        self.open: list[str] = []
        self.feed(self.html)
        self.close()
        self.plots = [ElementTree.fromstring(found) for found in re.findall(r"<svg.*?</svg>", self.html, re.DOTALL)]
        self.text = "".join(self.pieces)
        self.words = " ".join(" ".join(self.pieces).split())
        """The text in one line, with a space wherever there is a tag."""
        self.check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        assert len({name for name, _ in attrs}) == len(attrs), self.get_starttag_text()
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.pieces.append(data)

    def check(self) -> None:
        ids = self.values("id")
        assert self.open == []
        assert len(set(ids)) == len(ids)
        pointed = [name for names in self.values("aria-labelledby") for name in names.split()]
        assert {*pointed, *(link[1:] for link in self.values("href") if link.startswith("#"))} <= set(ids)

    def values(self, name: str, tag: str | None = None) -> list[str]:
        """The values of an attribute, in the order in which they stand."""
        return [value for where, other, value in self.attributes if other == name and tag in (None, where)]
