"""NewsML 1.x in: https://iptc.org/standards/newsml-1/. A document has one or many NewsItems, each of components."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.ingest.formats import embedded, nitf
from services.ingest.formats.alternatives import in_language, language_of
from services.ingest.formats.elements import embargoes_in, read_embargoes, read_statuses
from services.ingest.formats.embedded import Embedded
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.values import concept, unique, whole_number
from services.ingest.formats.xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    elements_at,
    inner_html,
    name_of,
    text_at,
    words,
)
from shared.contracts.item import Association, Concept, Doubt, ItemClass, Provider
from shared.language.markup import paragraphs, paragraphs_of_loose_text, plain_text, safe_html

NAME = "NewsML 1.2"
_MEDIA = {
    "photo": ItemClass.PICTURE,
    "graphic": ItemClass.GRAPHIC,
    "video": ItemClass.VIDEO,
    "audio": ItemClass.AUDIO,
}
#: how specific a subject's element is, from the top of IPTC's tree down
_SUBJECTS = ("Subject", "SubjectMatter", "SubjectDetail")


def recognises(root: Element) -> bool:
    return name_of(root) == "NewsML"


def split(root: Element) -> Sequence[Element]:
    """The document's NewsItems, in its order."""
    return list(children(root, "NewsItem"))


def read(item: Element) -> ParsedItem:
    """One NewsItem with its envelope.

    Its text is that of its main component in the item's language; a text that is elsewhere or cannot be read holds the item.
    """
    parsed = ParsedItem()
    identifier = child(item, "Identification", "NewsIdentifier")
    parsed.put("uri", _uri(identifier), "NewsIdentifier")
    parsed.put("version", whole_number(text_at(identifier, "RevisionId"), low=1, high=2**31 - 1), "RevisionId")
    _read_management(parsed, child(item, "NewsManagement"))
    read_embargoes(parsed, embargoes_in(item))
    components = list(descendants(item, "NewsComponent"))
    text = _text_component(components, _language(item, components))
    # lines and metadata stand on the text's own component or on one that holds it
    around = [text, *text.iterancestors("{*}NewsComponent")] if text is not None else []
    _read_lines(parsed, around)
    _read_metadata(parsed, around, child(item.getparent(), "NewsEnvelope"))
    content = _text_content(text)
    if content is not None:
        _read_text(parsed, content)
        if "language" not in parsed.fields:
            parsed.put_language(attribute(_item_of(content), "lang"))
        if others := [c for c in components if c is not text and _text_content(c) is not None and not _stands_by_media(c)]:
            parsed.note(
                f"{len(others)} other text{'s' * (len(others) > 1)} of the item {'were' if len(others) > 1 else 'was'} left out"
            )
    elif components:
        parsed.put("item_class", _class_of(components))
        _doubt_what_is_elsewhere(parsed, components)
    parsed.put("associations", tuple(_media(each) for each in components if _has_media(each)), "ContentItem")
    return parsed


def _language(item: Element, components: Sequence[Element]) -> str:
    """The language of the item, which chooses among texts that say the same: of its outermost component, else around it."""
    language = _formal(child(components[0], "DescriptiveMetadata", "Language")) if components else ""
    return language or language_of(components[0] if components else item)


def _read_text(parsed: ParsedItem, content: Element) -> None:
    """The body; one that is there and cannot be read holds the item."""
    holder = content.getparent()
    if holder is not None and name_of(holder) == "Encoding":
        mime = _formal(child(_item_of(content), "MimeType"))
        source = "".join(str(part) for part in content.itertext())
        text = embedded.read(source, media_type=mime, encoding=attribute(holder, "Notation"))
    else:
        body = _body(content)
        text = Embedded(body_html=body) if plain_text(body) else Embedded(unreadable="no words can be found in it")
    parsed.put("body_html", text.body_html, "DataContent")
    if text.unreadable:
        parsed.doubt(Doubt.UNREADABLE_TEXT, f"the text of the item could not be read: DataContent: {text.unreadable}")


def _doubt_what_is_elsewhere(parsed: ParsedItem, components: Sequence[Element]) -> None:
    """No text is in the item, and one of its contents would be a text: elsewhere, or in a file that is none."""
    for content in (i for c in components for i in children(c, "ContentItem")):
        kind, mime = _formal(child(content, "MediaType")).lower(), _formal(child(content, "MimeType"))
        is_text = kind in _TEXTS if kind else bool(mime) and not embedded.is_no_text(mime)
        if is_text and (href := attribute(content, "Href")):
            why = f"{kind or 'content'} {mime} ({href}): it is elsewhere, and not in the item"[:300]
            parsed.doubt(Doubt.UNREADABLE_TEXT, f"the text of the item could not be read: {why}")


def _uri(identifier: Element | None) -> str:
    """The identity of the story through all its revisions: the public identifier without its revision.

    NewsML 1 writes `urn:newsml:{provider}:{date}:{item}:{revision}{update}`; an item whose public identifier is built
    otherwise keeps it whole.
    """
    revision = child(identifier, "RevisionId")
    public = text_at(identifier, "PublicIdentifier")
    suffixes = {f":{words(revision)}{attribute(revision, 'Update')}", f":{words(revision)}"}
    for suffix in sorted(suffixes, key=len, reverse=True):
        if len(suffix) > 1 and public.lower().startswith("urn:newsml:") and public.endswith(suffix):
            return public.removesuffix(suffix)
    if public:
        return public
    parts = [text_at(identifier, name) for name in ("ProviderId", "DateId", "NewsItemId")]
    return ":".join(["urn:newsml", *parts]) if all(parts) else ""


def _read_management(parsed: ParsedItem, management: Element | None) -> None:
    parsed.put_moment("first_created_at", text_at(management, "FirstCreated"), "FirstCreated")
    parsed.put_moment("version_created_at", text_at(management, "ThisRevisionCreated"), "ThisRevisionCreated")
    read_statuses(parsed, [management])
    future = child(management, "StatusWillChange")
    if parsed.says_embargoed:
        until = text_at(future, "DateAndTime")
        parsed.put_moment("embargoed_until", until, "StatusWillChange")
        if not until:
            parsed.put("embargo_open", True)
    parsed.put("urgency", whole_number(_formal(child(management, "Urgency")), low=1, high=9), "Urgency")
    for instruction in children(management, "Instruction"):
        parsed.put_signal(_formal(instruction))
    parsed.put("evolved_from", attribute(child(management, "DerivedFrom"), "NewsItem"), "DerivedFrom")
    for link in children(management, "AssociatedWith"):
        parsed.keep("AssociatedWith", attribute(link, "NewsItem"))


def _read_lines(parsed: ParsedItem, around: Sequence[Element]) -> None:
    lines = [child(component, "NewsLines") for component in around]

    def line(name: str) -> str:
        return next((text for each in lines if (text := text_at(each, name))), "")

    for ours, name in (
        ("headline", "HeadLine"),
        ("subheadline", "SubHeadLine"),
        ("byline", "ByLine"),
        ("dateline", "DateLine"),
        ("credit_line", "CreditLine"),
        ("copyright_notice", "CopyrightLine"),
        ("usage_terms", "RightsLine"),
        ("slugline", "SlugLine"),
    ):
        parsed.put(ours, line(name), name)
    keywords = (words(k) for each in lines for k in children(each, "KeywordLine"))
    parsed.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)), "KeywordLine")
    for each in lines:
        for other in children(each, "NewsLine"):
            kind, text = _formal(child(other, "NewsLineType")), text_at(other, "NewsLineText")
            if "advisory" in kind.lower() or "note" in kind.lower():
                parsed.put("ednote", text, "NewsLine")
            else:
                parsed.keep(f"NewsLine {kind}".strip(), text)


def _read_metadata(parsed: ParsedItem, around: Sequence[Element], envelope: Element | None) -> None:
    described = [child(component, "DescriptiveMetadata") for component in around]
    administered = [child(component, "AdministrativeMetadata") for component in around]
    languages = [_formal(child(metadata, "Language")) for metadata in described]
    languages += [attribute(component, "lang") for component in around]
    parsed.put_language(next(filter(None, languages), ""))
    parsed.put("subjects", unique(_subjects(described)), "SubjectCode")
    parsed.put("genres", unique(concept(_formal(g)) for metadata in described for g in children(metadata, "Genre")), "Genre")
    origins: list[Concept] = []
    places: list[Concept] = []
    for location in (place for metadata in described for place in children(metadata, "Location")):
        properties = {_formal(p): attribute(p, "Value") for p in children(location, "Property")}
        place = concept(
            properties.get("City") or properties.get("CountryArea") or properties.get("Country") or "",
            properties.get("Country", "") if len(properties.get("Country", "")) in (2, 3) else "",
        )
        (origins if attribute(location, "HowPresent").lower() in ("origin", "rlocorigin") else places).append(place)
    if origins:
        parsed.put("located", origins[0], "Location")
    parsed.put("places", unique([*places, *origins]), "Location")
    providers = [_formal(party) for metadata in administered for party in elements_at(metadata, "Provider", "Party")]
    providers += [_formal(party) for party in elements_at(envelope, "SentFrom", "Party")]
    if name := next(filter(None, providers), ""):
        parsed.put("provider", Provider(name=name), "Provider")
    keywords = list(parsed.fields.get("keywords", ()))
    for metadata in described:
        for other in children(metadata, "OfInterestTo", "TopicOccurrence"):
            parsed.keep(name_of(other), _formal(other) or attribute(other, "Topic"))
        for property_ in children(metadata, "Property"):
            if _formal(property_) == "Keyword":
                keywords.append(attribute(property_, "Value"))
            else:
                parsed.keep(_formal(property_), attribute(property_, "Value"))
    parsed.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)), "Keyword")
    if "urgency" not in parsed.fields:
        parsed.put("urgency", whole_number(_formal(child(envelope, "Priority")), low=1, high=9), "Priority")


def _subjects(described: Iterable[Element | None]) -> Iterable[Concept]:
    for metadata in described:
        for code in children(metadata, "SubjectCode"):
            for subject in children(code, *_SUBJECTS):
                yield concept("", _formal(subject))


def _formal(element: Element | None) -> str:
    return attribute(element, "FormalName")


_TEXTS = ("text", "complexdata")


def _data(content_item: Element | None) -> Element | None:
    """A content's data, within the encodings that are said around it."""
    while content_item is not None and (encoding := child(content_item, "Encoding")) is not None:
        content_item = encoding
    return child(content_item, "DataContent")


def _item_of(content: Element) -> Element | None:
    return next(content.iterancestors("{*}ContentItem"), None)


def _is_text(content_item: Element) -> bool:
    media_type = _formal(child(content_item, "MediaType")).lower()
    if media_type not in ("", *_TEXTS) or embedded.is_no_text(_formal(child(content_item, "MimeType"))):
        return False
    return bool(words(_data(content_item)))


def _text_component(components: Sequence[Element], language: str) -> Element | None:
    """The component that holds the main text: the first marked as main that does, else the first that does at all.

    Of those that say the same in several languages it is the one in the item's.
    """
    with_text = [c for c in components if any(_is_text(i) for i in children(c, "ContentItem"))]
    mains = [c for c in with_text if _formal(child(c, "Role")).lower() in ("main", "main text", "text")]
    return next(iter([*in_language(mains, language, _tongue), *in_language(with_text, language, _tongue), *components]), None)


def _tongue(component: Element) -> str:
    language = _formal(child(component, "DescriptiveMetadata", "Language"))
    return language or language_of(_text_content(component))


def _text_content(component: Element | None) -> Element | None:
    return next((_data(item) for item in children(component, "ContentItem") if _is_text(item)), None)


def _stands_by_media(component: Element) -> bool:
    """Is this text a picture's caption?"""
    around = [component, *component.iterancestors("{*}NewsComponent")][:2]
    return _formal(child(component, "Role")).lower() == "caption" or any(_has_media(holder) for holder in around)


def _body(content: Element) -> str:
    document = next(children(content, "nitf"), None)
    if document is not None:
        return safe_html(nitf.body_source(document))
    if (body := next(descendants(content, "body.content", "body"), None)) is not None:
        return safe_html(inner_html(body))
    if len(content):
        return safe_html(inner_html(content))
    source = "".join(str(part) for part in content.itertext())
    return paragraphs_of_loose_text(source) if "<" in source else paragraphs(source)


def _has_media(component: Element) -> bool:
    return any(_formal(child(i, "MediaType")).lower() in _MEDIA for i in children(component, "ContentItem"))


def _class_of(components: Sequence[Element]) -> ItemClass | None:
    kinds = (_formal(child(i, "MediaType")).lower() for c in components for i in children(c, "ContentItem"))
    return next((_MEDIA[kind] for kind in kinds if kind in _MEDIA), None)


def _media(component: Element) -> Association:
    """A component's picture: its largest rendition, with the caption and credit that stand beside it."""
    renditions = [i for i in children(component, "ContentItem") if _formal(child(i, "MediaType")).lower() in _MEDIA]
    largest = max(renditions, key=lambda i: _side(i, "Width") * _side(i, "Height"))
    lines, href = child(component, "NewsLines"), attribute(largest, "Href")
    captions = (i for c in descendants(component, "ContentItem") for i in [_data(c)] if i is not None)
    return Association(
        item_class=_MEDIA[_formal(child(largest, "MediaType")).lower()],
        rel=_formal(child(component, "Role")).lower(),
        uri=href,
        href=href,
        media_type=_formal(child(largest, "MimeType")),
        width_px=_side(largest, "Width") or None,
        height_px=_side(largest, "Height") or None,
        headline=text_at(lines, "HeadLine"),
        caption=plain_text(next((inner_html(caption) for caption in captions if words(caption)), "")),
        credit=text_at(lines, "CreditLine") or text_at(lines, "ByLine"),
    )


def _side(content_item: Element, name: str) -> int:
    values = (attribute(p, "Value") for p in elements_at(content_item, "Characteristics", "Property") if _formal(p) == name)
    return whole_number(next(values, ""), low=0, high=10**6) or 0
