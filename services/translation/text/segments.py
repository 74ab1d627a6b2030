"""A story's text in segments (headline, sentences of each paragraph), and put together again with its mark-up.

A segment is HTML in which each inline element has a number in place of its attributes, `He <em id="1">said</em> so.`, so that the
same sentence is the same segment whatever its links lead to. Block elements stay in a template with numbered slots, where no
engine sees them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import nh3
from lxml import etree
from lxml import html as lxml_html
from sentencex import segment as sentences_of

#: elements that stand in a sentence; whatever else there is divides the text
INLINE = frozenset({"a", "em", "strong", "b", "i", "u", "sub", "sup", "span", "bdi", "bdo", "q", "cite", "code", "abbr", "time"})
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*+)([^<>]*+)>")
_TAGS_APART = re.compile(r"(<[^<>]*+>)")
_ID = re.compile(r'\bid="(\d+)"')
_NUMBERED = re.compile(r'<(\w++)(?:(?!\bid="\d)[^<>])*+\bid="(\d++)"[^<>]*+>')
_SLOT = re.compile("\ue000(\\d+)\ue001")
_HEADLINE, _SUMMARY, _BODY = "headline", "summary", "body"


@dataclass(frozen=True, kw_only=True)
class StoryText:
    """What is translated of a story: two plain texts and one of HTML."""

    headline: str
    summary: str
    body_html: str


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One piece of text that is translated by itself."""

    part: str  #: `headline`, `summary` or `body`
    block: int  #: segments of one paragraph have one number
    source: str  #: HTML with numbered inline elements
    tags: Mapping[int, str]  #: the elements' own start tags, by their numbers


@dataclass(frozen=True, kw_only=True)
class SegmentedText:
    """A text in segments, and for each part the template that holds them: `\\ue0007\\ue001` is the slot of segment 7."""

    segments: Sequence[Segment]
    templates: Mapping[str, str]

    def blocks(self) -> list[list[int]]:
        """The segments' indexes, paragraph by paragraph; no paragraph is without one."""
        by_block: dict[int, list[int]] = {}
        for index, segment in enumerate(self.segments):
            by_block.setdefault(segment.block, []).append(index)
        return list(by_block.values())

    def fill(self, targets: Sequence[str]) -> StoryText:
        """The text with `targets` in its slots: one for each segment, in their order, with the same numbered elements."""

        def fill_slots(part: str) -> str:
            return _SLOT.sub(lambda slot: _restore_tags(targets[int(slot[1])], self.segments[int(slot[1])]), self.templates[part])

        return StoryText(
            headline=html.unescape(_TAG.sub("", fill_slots(_HEADLINE))),
            summary=html.unescape(_TAG.sub("", fill_slots(_SUMMARY))),
            body_html=fill_slots(_BODY),
        )


def split_text(text: StoryText, language: str) -> SegmentedText:
    """Divide a text that is written in `language` (which decides where a sentence ends) into segments and templates.

    A headline is one segment, whatever stands in it. What has no words (an empty line, a picture) is none.
    """
    splitter = _Splitter(language)
    templates = {
        _HEADLINE: splitter.one_segment(_HEADLINE, html.escape(text.headline, quote=False)),
        _SUMMARY: splitter.sentences(_SUMMARY, html.escape(text.summary, quote=False)),
        _BODY: splitter.body(text.body_html),
    }
    return SegmentedText(segments=splitter.segments, templates=templates)


def clean_sentence(typed: str) -> str:
    """A sentence as somebody typed it, with the numbered elements that may stand in one and nothing else."""
    cleaned = nh3.clean(typed, tags=set(INLINE), attributes={"*": {"id"}}, link_rel=None)
    return _NUMBERED.sub(r'<\1 id="\2">', cleaned)


def words_of(source: str) -> str:
    """A segment's text without its elements."""
    return html.unescape(_TAG.sub("", source))


def between_tags(source: str, change: Callable[[str], str]) -> str:
    """A segment with a change made to its text, and none to what stands inside its tags."""
    return "".join(part if part.startswith("<") else change(part) for part in _TAGS_APART.split(source))


def tags_of(source: str) -> list[str]:
    """A segment's tags as they are written, in their order; a number in place of the attributes."""
    return [f"<{close}{name}{_number(rest)}>" for close, name, rest in _TAG.findall(source)]


def _number(attributes: str) -> str:
    match = _ID.search(attributes)
    return f" {match[1]}" if match else ""


def _restore_tags(target: str, segment: Segment) -> str:
    """A segment's target with the elements' own attributes again."""

    def own_tag(tag: re.Match[str]) -> str:
        match = _ID.search(tag[3])
        return tag[0] if tag[1] or not match else segment.tags.get(int(match[1]), "")

    return _TAG.sub(own_tag, target)


class _Splitter:
    """Gathers segments while it goes through a text; what its methods return is the template of what they were given."""

    def __init__(self, language: str) -> None:
        self.segments: list[Segment] = []
        self._language = language
        self._blocks = 0

    def body(self, body_html: str) -> str:
        """HTML, block by block."""
        root = lxml_html.fragment_fromstring(body_html or "<p></p>", create_parent="div")
        for element in root.iter():
            for name, value in element.attrib.items():  # what looks like a slot and is none
                element.set(name, _SLOT.sub("", value))
        self._element(root)
        inner = etree.tostring(root, encoding="unicode", method="html")
        return inner.removeprefix("<div>").removesuffix("</div>")

    def _element(self, element: etree._Element) -> None:
        """Put slots in place of every run of text and inline elements; go into what is a block."""
        run, nodes = html.escape(element.text or "", quote=False), list(element)
        element.text = ""
        last: etree._Element | None = None
        for node in nodes:
            if node.tag in INLINE and not any(child.tag not in INLINE for child in node.iterdescendants()):
                run += etree.tostring(node, encoding="unicode", method="html", with_tail=True)
                element.remove(node)
                continue
            self._put(element, last, run)
            run, node.tail = html.escape(node.tail or "", quote=False), ""
            self._element(node)
            last = node
        self._put(element, last, run)

    def _put(self, element: etree._Element, after: etree._Element | None, run: str) -> None:
        template = self.sentences(_BODY, run)
        if after is None:
            element.text = template
        else:
            after.tail = template

    def sentences(self, part: str, run: str) -> str:
        """A run of text and inline elements: a slot for each of its sentences."""
        self._blocks += 1
        return "".join(self._slot(part, sentence) for sentence in self._divide(run))

    def one_segment(self, part: str, run: str) -> str:
        """A run that is one segment, whatever stands in it."""
        self._blocks += 1
        return self._slot(part, run)

    def _divide(self, run: str) -> list[str]:
        """Where a sentence ends and no element is open, the run is divided."""
        tags = [(tag.start(), tag[0]) for tag in _TAG.finditer(run)]
        plain = _TAG.sub("", run)
        pieces = list(sentences_of(self._language, plain)) if plain.strip() else [plain]
        if "".join(pieces) != plain:
            return [run]
        ends, at = [], 0
        for piece in pieces[:-1]:
            at += len(piece)
            ends.append(at)
        divided, start, depth, shift = [], 0, 0, 0
        for end in ends:
            while tags and tags[0][0] - shift < end:
                depth += -1 if tags[0][1].startswith("</") else 1
                shift += len(tags.pop(0)[1])
            if tags and tags[0][0] - shift == end and tags[0][1].startswith("</"):
                depth -= 1  # what closes here closes with the sentence
                shift += len(tags.pop(0)[1])
            if depth == 0:
                divided.append(run[start : end + shift])
                start = end + shift
        return [*divided, run[start:]]

    def _slot(self, part: str, run: str) -> str:
        sentence = run.strip()
        before, _, after = run.partition(sentence) if sentence else (run, "", "")
        if not words_of(sentence).strip():
            return run
        tags: dict[int, str] = {}
        numbers: list[int] = []

        def number_tag(tag: re.Match[str]) -> str:
            if tag[1]:
                return f"</{tag[2]}>"
            numbers.append(len(numbers) + 1)
            tags[numbers[-1]] = tag[0]
            return f'<{tag[2]} id="{numbers[-1]}">'

        source = _TAG.sub(number_tag, sentence)
        self.segments.append(Segment(part=part, block=self._blocks, source=source, tags=tags))
        return f"{before}\ue000{len(self.segments) - 1}\ue001{after}"
