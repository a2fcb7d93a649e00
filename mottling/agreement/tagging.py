"""The structure of a tagged PDF: what each piece of a page is, in the order in which it is read out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pydyf

__all__ = ["Element", "Structure"]


@dataclass(frozen=True)
class _Mark:
    """Where a piece of an element is drawn."""

    page: int
    number: int
    """Among the marked pieces of its page."""


@dataclass
class Element:
    """A heading, a paragraph, a table, a cell, a chart."""

    tag: str
    """As PDF names it, such as `H1` or `TD`."""
    alternative: str = ""
    """What is read out in its place."""
    scope: str = ""
    """Of a cell that heads others: `Row` or `Column`."""
    box_pt: tuple[float, float, float, float] | None = None
    """Of a chart: left, bottom, right and top, from the bottom left of its page."""
    kids: list[Element | _Mark] = field(default_factory=list)

    def add(self, tag: str, *, alternative: str = "", scope: str = "") -> Element:
        """Add an element under this one, after those that are there."""
        kid = Element(tag, alternative, scope)
        self.kids.append(kid)
        return kid


class Structure:
    """The elements of a document, and what of each page belongs to which."""

    def __init__(self) -> None:
        """Begin with an empty document."""
        self.root = Element("Document")
        self._marked: list[list[Element]] = []

    def mark(self, element: Element, *, page: int) -> int:
        """Say that the next piece of a page belongs to an element; gives the piece's number."""
        self._marked += [[] for _ in range(page + 1 - len(self._marked))]
        number = len(self._marked[page])
        self._marked[page].append(element)
        element.kids.append(_Mark(page, number))
        return number

    def write(self, pdf: pydyf.PDF, pages: Sequence[pydyf.Dictionary]) -> None:
        """Add everything to a file, whose pages are there."""
        top = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        pdf.add_object(top)
        writer = _Writer(pdf, pages)
        top["K"] = pydyf.Array([writer.written(self.root, top)])
        parents: list[object] = []
        for page, marked in enumerate(self._marked):
            parents += [page, pydyf.Array([writer.references[id(one)] for one in marked])]
        top["ParentTree"] = pydyf.Dictionary({"Nums": pydyf.Array(parents)})
        top["ParentTreeNextKey"] = len(pages)
        pdf.catalog["StructTreeRoot"] = top.reference
        pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})


class _Writer:
    def __init__(self, pdf: pydyf.PDF, pages: Sequence[pydyf.Dictionary]) -> None:
        self.references: dict[int, bytes] = {}
        self._pdf, self._pages = pdf, pages

    def written(self, element: Element, parent: pydyf.Dictionary) -> bytes:
        """Write an element and what is under it; gives how others name it."""
        made = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{element.tag}", "P": parent.reference})
        if element.alternative:
            made["Alt"] = pydyf.String(element.alternative)
        if element.scope:
            made["A"] = pydyf.Dictionary({"O": "/Table", "Scope": f"/{element.scope}"})
        if element.box_pt is not None:
            box = pydyf.Array([round(one, 2) for one in element.box_pt])
            made["A"] = pydyf.Dictionary({"O": "/Layout", "BBox": box})
        self._pdf.add_object(made)
        reference: bytes = made.reference
        self.references[id(element)] = reference
        made["K"] = pydyf.Array([self._kid(kid, made) for kid in element.kids])
        return reference

    def _kid(self, kid: Element | _Mark, parent: pydyf.Dictionary) -> bytes | pydyf.Dictionary:
        if isinstance(kid, Element):
            return self.written(kid, parent)
        page = self._pages[kid.page].reference
        return pydyf.Dictionary({"Type": "/MCR", "Pg": page, "MCID": kid.number})
