"""NewsML 1.x in: a NewsML document with one or many NewsItems, text components."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.ingest.formats import nitf
from services.ingest.formats.draft import Draft, concept, unique, whole_number
from services.ingest.formats.xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    each,
    inner_html,
    name_of,
    text_at,
    words,
)
from shared.contracts.item import Association, Concept, ItemClass, Provider
from shared.markup import paragraphs, paragraphs_of_loose_text, plain_text, safe_html

NAME = "NewsML 1.2"
MEDIA_TYPES = ("text/vnd.iptc.newsml", "application/vnd.iptc.newsml+xml")
_MEDIA = {
    "photo": ItemClass.PICTURE,
    "graphic": ItemClass.GRAPHIC,
    "video": ItemClass.VIDEO,
    "audio": ItemClass.AUDIO,
}
#: how specific a subject's element is, from the top of IPTC's tree down
_SUBJECTS = ("Subject", "SubjectMatter", "SubjectDetail")


def recognises(root: Element) -> bool:
    """Is this document NewsML 1?"""
    return name_of(root) == "NewsML"


def split(root: Element) -> Sequence[Element]:
    """The document's news items."""
    return list(children(root, "NewsItem"))


def read(item: Element) -> Draft:
    """One NewsItem with its envelope."""
    draft = Draft()
    identifier = child(item, "Identification", "NewsIdentifier")
    draft.put("uri", _uri(identifier), "NewsIdentifier")
    draft.put("version", whole_number(text_at(identifier, "RevisionId"), low=1, high=2**31 - 1), "RevisionId")
    _read_management(draft, child(item, "NewsManagement"))
    components = list(descendants(item, "NewsComponent"))
    text = _text_component(components)
    # lines and metadata stand on the text's own component or on one that holds it
    around = [text, *text.iterancestors("{*}NewsComponent")] if text is not None else []
    _read_lines(draft, around)
    _read_metadata(draft, around, child(item.getparent(), "NewsEnvelope"))
    content = _text_content(text)
    if content is not None:
        draft.put("body_html", _body(content), "DataContent")
        if "language" not in draft.fields:
            draft.language(attribute(content.getparent(), "lang"))
    elif components:
        draft.put("item_class", _class_of(components))
    draft.put("associations", tuple(_media(each_) for each_ in components if _own_media(each_)), "ContentItem")
    return draft


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


def _read_management(draft: Draft, management: Element | None) -> None:
    draft.moment("first_created_at", text_at(management, "FirstCreated"), "FirstCreated")
    draft.moment("version_created_at", text_at(management, "ThisRevisionCreated"), "ThisRevisionCreated")
    status = _formal(child(management, "Status"))
    draft.status(status, "Status")
    future = child(management, "StatusWillChange")
    if status.lower() == "embargoed":
        until = text_at(future, "DateAndTime")
        draft.moment("embargoed_until", until, "StatusWillChange")
        if not until:
            draft.put("embargo_open", True)
    draft.put("urgency", whole_number(_formal(child(management, "Urgency")), low=1, high=9), "Urgency")
    for instruction in children(management, "Instruction"):
        draft.signal(_formal(instruction))
    draft.put("evolved_from", attribute(child(management, "DerivedFrom"), "NewsItem"), "DerivedFrom")
    for link in children(management, "AssociatedWith"):
        draft.keep("AssociatedWith", attribute(link, "NewsItem"))


def _read_lines(draft: Draft, around: Sequence[Element]) -> None:
    lines = [child(component, "NewsLines") for component in around]

    def line(name: str) -> str:
        return next((said for each_ in lines if (said := text_at(each_, name))), "")

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
        draft.put(ours, line(name), name)
    keywords = (words(k) for each_ in lines for k in children(each_, "KeywordLine"))
    draft.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)), "KeywordLine")
    for each_ in lines:
        for other in children(each_, "NewsLine"):
            kind, said = _formal(child(other, "NewsLineType")), text_at(other, "NewsLineText")
            if "advisory" in kind.lower() or "note" in kind.lower():
                draft.put("ednote", said, "NewsLine")
            else:
                draft.keep(f"NewsLine {kind}".strip(), said)


def _read_metadata(draft: Draft, around: Sequence[Element], envelope: Element | None) -> None:
    described = [child(component, "DescriptiveMetadata") for component in around]
    administered = [child(component, "AdministrativeMetadata") for component in around]
    languages = [_formal(child(metadata, "Language")) for metadata in described]
    languages += [attribute(component, "lang") for component in around]
    draft.language(next(filter(None, languages), ""))
    draft.put("subjects", unique(_subjects(described)), "SubjectCode")
    draft.put("genres", unique(concept(_formal(g)) for metadata in described for g in children(metadata, "Genre")), "Genre")
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
        draft.put("located", origins[0], "Location")
    draft.put("places", unique([*places, *origins]), "Location")
    providers = [_formal(party) for metadata in administered for party in each(metadata, "Provider", "Party")]
    providers += [_formal(party) for party in each(envelope, "SentFrom", "Party")]
    if name := next(filter(None, providers), ""):
        draft.put("provider", Provider(name=name), "Provider")
    keywords = list(draft.fields.get("keywords", ()))
    for metadata in described:
        for other in children(metadata, "OfInterestTo", "TopicOccurrence"):
            draft.keep(name_of(other), _formal(other) or attribute(other, "Topic"))
        for told in children(metadata, "Property"):
            if _formal(told) == "Keyword":
                keywords.append(attribute(told, "Value"))
            else:
                draft.keep(_formal(told), attribute(told, "Value"))
    draft.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)), "Keyword")
    if "urgency" not in draft.fields:
        draft.put("urgency", whole_number(_formal(child(envelope, "Priority")), low=1, high=9), "Priority")


def _subjects(described: Iterable[Element | None]) -> Iterable[Concept]:
    for metadata in described:
        for code in children(metadata, "SubjectCode"):
            for subject in children(code, *_SUBJECTS):
                yield concept("", _formal(subject))


def _formal(element: Element | None) -> str:
    return attribute(element, "FormalName")


def _data(content_item: Element) -> Element | None:
    return child(content_item, "DataContent")


def _is_text(content_item: Element) -> bool:
    media_type = _formal(child(content_item, "MediaType")).lower()
    return media_type in ("", "text", "complexdata") and bool(words(_data(content_item)))


def _text_component(components: Sequence[Element]) -> Element | None:
    """The component that holds the main text: the first marked as main that does, else the first that does at all."""
    with_text = [c for c in components if any(_is_text(i) for i in children(c, "ContentItem"))]
    mains = [c for c in with_text if _formal(child(c, "Role")).lower() in ("main", "main text", "text")]
    return next(iter([*mains, *with_text, *components]), None)


def _text_content(component: Element | None) -> Element | None:
    return next((_data(item) for item in children(component, "ContentItem") if _is_text(item)), None)


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


def _own_media(component: Element) -> bool:
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
    values = (attribute(p, "Value") for p in each(content_item, "Characteristics", "Property") if _formal(p) == name)
    return whole_number(next(values, ""), low=0, high=10**6) or 0
