"""Made-up payloads in every format, with everything wrong in them that senders were seen to do: the same for the same seed.

Few stories, sent again and again: new versions, repeats, edits that are taken back, kills, holds, embargoes.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_SAID = {
    "en": "harbour council vote water price train bridge school market doctor court river bank airport match rain",
    "ar": "الميناء المجلس الوزراء الماء السعر القطار الجسر المدرسة السوق الطبيب المحكمة النهر البنك المطار المباراة",
    "de": "Hafen Stadtrat Wasser Preis Zug Brücke Schule Markt Arzt Gericht Fluss Bank Flughafen Regen",
    "fa": "بندر شورا وزیر آب قیمت قطار پل مدرسه بازار پزشک دادگاه رودخانه بانک فرودگاه",
}
WORDS = {language: said.split() for language, said in _SAID.items()}


@dataclass(frozen=True, kw_only=True)
class Story:
    """What is sent, before it has a format."""

    number: int
    version: int = 1
    headline: str = ""
    paragraphs: tuple[str, ...] = ()
    language: str | None = "en"
    status: str = "usable"
    urgency: object = 5
    created: str = "2026-11-20T10:00:00Z"
    extra: dict[str, Any] = field(default_factory=dict)  #: members that JSON formats carry as they stand

    @property
    def uri(self) -> str:
        """The name that all its versions share."""
        return f"urn:oddities:{self.number}"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One payload, and what is odd in it."""

    form: str
    media_type: str
    body: bytes
    oddity: str


def sendings(seed: int, count: int) -> Iterator[Sending]:
    """So many payloads. Every second is as it should be."""
    chance = random.Random(seed)  # noqa: S311  repeatable, no secret
    stories: dict[int, Story] = {}
    forms = list(FORMS)
    last: Sending | None = None
    for number in range(count):
        form = chance.choice(forms)
        if last is not None and chance.random() < 0.05:
            yield replace(last, oddity="repeat")
            continue
        story = _next(chance, stories, number)
        name, odd = chance.choice(list(ODDITIES.items())) if chance.random() < 0.5 else ("none", _as_it_is)
        story = odd(chance, story)
        sane = story.language if story.language in WORDS else "en"
        stories[story.number] = replace(story, extra={}, status="usable", language=sane, urgency=5)
        media_type, write = FORMS[form]
        body = write(story).encode()
        if chance.random() < 0.15 and media_type == "application/xml":
            breaks, mar = chance.choice(list(BROKEN_BYTES.items()))
            name, body = breaks, mar(body)
        last = Sending(form=form, media_type=media_type, body=body, oddity=name)
        yield last


def _next(chance: random.Random, stories: dict[int, Story], number: int) -> Story:
    """A new story, or the next version of a known one."""
    if stories and chance.random() < 0.3:
        known = chance.choice(list(stories.values()))
        return replace(known, version=known.version + 1, headline=f"{known.headline} again"[:300])
    language = chance.choice(["en", "en", "en", "ar"])
    words = WORDS[language]

    def some(least: int, most: int) -> str:
        return " ".join(chance.choices(words, k=chance.randint(least, most)))

    return Story(
        number=number,
        headline=f"{some(3, 8)} {number}".capitalize(),
        paragraphs=tuple(f"{some(6, 25)} {number}." for _ in range(chance.randint(1, 4))),
        language=language,
    )


# ── What is odd in a story ───────────────────────────────────────────────────────────────────────────────────────

Odd = Callable[[random.Random, Story], Story]


def _as_it_is(_: random.Random, story: Story) -> Story:
    return story


def _with(**options: list[Any]) -> Odd:
    """One of the values for each field."""

    def odd(chance: random.Random, story: Story) -> Story:
        return replace(story, **{name: chance.choice(values) for name, values in options.items()})

    return odd


def _extra(*choices: dict[str, Any]) -> Odd:
    """One of the sets of members."""

    def odd(chance: random.Random, story: Story) -> Story:
        return replace(story, extra=chance.choice(choices))

    return odd


def _words_of(language: str, said: str | None) -> Odd:
    def odd(chance: random.Random, story: Story) -> Story:
        words = " ".join(chance.choices(WORDS[language], k=12))
        return replace(story, headline=f"{words[:60]} {story.number}", paragraphs=(f"{words}.",), language=said)

    return odd


def _said_before(words: str) -> Odd:
    def odd(_: random.Random, story: Story) -> Story:
        return replace(story, headline=f"{words} {story.headline}")

    return odd


def _kill(chance: random.Random, story: Story) -> Story:
    bad: list[dict[str, Any]] = [
        {}, {"keywords": [None]}, {"version": "abc"}, {"urgency": 0}, {"language": "en_GB"}, {"place": 7},
    ]  # fmt: skip
    return replace(story, status=chance.choice(["canceled", "withheld"]), extra=chance.choice(bad))


ODDITIES: dict[str, Odd] = {
    "language unsaid": _with(language=[None, ""]),
    "language spelt oddly": _with(language=["en_US", "English", "ar-", "AR_sa", "en-", "EN"]),
    "language without an edition": _words_of("de", "de"),
    "language without an edition, unsaid": _words_of("de", None),
    "script of an edition, another language": _words_of("fa", "fa"),
    "status spelt oddly": _with(status=["Usable", "published", "final", "stat:usable", "cancelled", "killed", "nonsense"]),
    "urgency": _with(urgency=[0, "3", 9, 42, None, "high"]),
    "takes back": _kill,
    "embargo": _extra(*({name: "2099-01-01T00:00:00Z"} for name in (
        "embargoed", "embargo", "embargo_until", "embargoed_until", "publish_at", "publish_schedule", "utc_embargo"))),
    "embargo that is no time": _extra({"embargoed": "tomorrow"}, {"embargoed": True}, {"embargoed": None}, {"embargo": 7}),
    "embargo in words": _said_before("EMBARGOED UNTIL 0700 GMT MARCH 2:"),
    "kill in words": _said_before("MANDATORY KILL:"),
    "time": _with(created=["2026-11-20T10:00:00", "20261120T100000+0100", "2099-01-01T00:00:00Z", "1795-01-01", "1763632800",
                           "Fri, 20 Nov 2026 10:00:00 CEST", "20. November 2026", "24:00"]),
    "optional fields": _extra({"keywords": [None, 7]}, {"keywords": ["k" * 3000]}, {"subject": [{"name": "s" * 4000}]},
                              {"byline": 7}, {"associations": {"a": {"renditions": {"m": {"href": "http://["}}}}},
                              {"place": "x"}),
    "test or advisory": _extra({"test": True}, {"genre": [{"name": "Advisory"}]}, {"signal": "test"}),
    "picture": _extra({"type": "picture", "body_text": "", "body_html": ""}),
    "no text": _with(paragraphs=[(), ("",), (" ",)]),
    "half HTML": _with(paragraphs=[("one <b>two</b>\n\nthree", "x<y then z>w"), ("<p>open",), ("&amp; &nbsp; < > &",)]),
    "correction": _extra({"signal": "correction"}),
    "expires": _extra({"expires": "2020-01-01T00:00:00Z"}, {"expires": "2099-01-01T00:00:00Z"}),
    "same text as others": _with(headline=["Market report"], paragraphs=[("Prices were steady on Friday, traders said.",)]),
    "long": _with(headline=["h" * 1990], paragraphs=[("p" * 100_000,)]),
}  # fmt: skip


def _before_last_stop(put_in: bytes) -> Callable[[bytes], bytes]:
    def mar(body: bytes) -> bytes:
        before, stop, after = body.rpartition(b".")
        return before + put_in + stop + after

    return mar


BROKEN_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "control character": _before_last_stop(b"\x0b"),
    "bare ampersand": _before_last_stop(b" & co"),
    "stray byte": _before_last_stop(b"\xe9"),
    "undeclared prefix": lambda body: body.replace(b"</p>", b"<odd:x>x</odd:x></p>", 1),
    "BOM and newline": lambda body: b"\xef\xbb\xbf\n" + body,
    "mark-up behind the root": lambda body: body + b"<p>bye</p>",
    "warning in front": lambda body: b"<br />\n<b>Warning</b>: something in line 7<br />\n" + body,
    "cut off": lambda body: body[: len(body) * 2 // 3],
}


# ── Formats ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _ninjs(story: Story) -> str:
    item: dict[str, Any] = {
        "uri": story.uri, "version": story.version, "type": "text", "headline": story.headline, "pubstatus": story.status,
        "urgency": story.urgency, "language": story.language, "versioncreated": story.created,
        "body_text": "\n\n".join(story.paragraphs), "provider": {"name": "Oddities"},
    }  # fmt: skip
    return json.dumps({**item, **story.extra})


def _wire_item(story: Story) -> str:
    item = {
        "uri": f"{story.uri}:w", "version": story.version, "headline": story.headline, "pubstatus": story.status,
        "language": story.language or "", "body_html": "\n\n".join(story.paragraphs), "provider": {"name": "Oddities"},
    }  # fmt: skip
    return json.dumps({"wire_item": item})


def _json_feed(story: Story) -> str:
    entry = {
        "id": f"{story.uri}:jf", "title": story.headline, "content_text": "\n\n".join(story.paragraphs),
        "date_modified": story.created, "language": story.language, **story.extra,
    }  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Oddities", "items": [entry]}
    return json.dumps(feed)


def _ap(story: Story) -> str:
    item = {
        "altids": {"itemid": f"odd{story.number}", "etag": f"odd{story.number}_{story.version}"}, "version": story.version,
        "type": "text", "pubstatus": story.status, "language": story.language, "versioncreated": story.created,
        "headline": story.headline, "provider": "AP", "urgency": story.urgency,
        "renditions": {"nitf": {"href": "https://api.example/x", "type": "text"}}, **story.extra,
    }  # fmt: skip
    answer: dict[str, Any] = {"api_version": "1.1", "data": {"item": item}}
    if any(words.strip() for words in story.paragraphs):
        answer["nitf"] = _nitf(story)
    return json.dumps(answer)


def _html(story: Story) -> str:
    return "".join(f"<p>{escape(words)}</p>" for words in story.paragraphs)


def _rss(story: Story) -> str:
    language = f"<language>{escape(story.language)}</language>" if story.language else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Oddities</title>{language}'
        f"<link>https://odd.example/</link><description>d</description><item><title>{escape(story.headline)}</title>"
        f"<guid isPermaLink='false'>{story.uri}:rss</guid><pubDate>{escape(story.created)}</pubDate>"
        f"<description>{escape(_html(story))}</description></item></channel></rss>"
    )


def _atom(story: Story) -> str:
    language = f" xml:lang={quoteattr(story.language)}" if story.language else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"{language}><title>Oddities</title>'
        f"<id>urn:oddities</id><updated>2026-11-20T10:00:00Z</updated><entry><id>{story.uri}:atom</id>"
        f"<title>{escape(story.headline)}</title><updated>{escape(story.created)}</updated>"
        f'<content type="html">{escape(_html(story))}</content></entry></feed>'
    )


def _g2(story: Story) -> str:
    language = f" xml:lang={quoteattr(story.language)}" if story.language else ""
    status = story.status if ":" in story.status else f"stat:{story.status}"
    return (
        f'<?xml version="1.0" encoding="utf-8"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{story.uri}:g2" '
        f'version="{story.version}"{language}><itemMeta><itemClass qcode="ninat:text"/><provider literal="Oddities"/>'
        f"<versionCreated>{escape(story.created)}</versionCreated><pubStatus qcode={quoteattr(status)}/></itemMeta>"
        f"<contentMeta><headline>{escape(story.headline)}</headline></contentMeta><contentSet><inlineXML "
        f'contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>{_html(story)}</body></html>'
        "</inlineXML></contentSet></newsItem>"
    )


def _nitf(story: Story) -> str:
    language = f" xml:lang={quoteattr(story.language)}" if story.language else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><nitf{language}><head><docdata management-status={quoteattr(story.status)}>'
        f'<doc-id id-string="{story.uri}:nitf" regsrc="Oddities"/><date.issue norm={quoteattr(story.created)}/>'
        f"<urgency ed-urg={quoteattr(str(story.urgency))}/></docdata></head><body><body.head><hedline>"
        f"<hl1>{escape(story.headline)}</hl1></hedline></body.head><body.content>{_html(story)}</body.content></body></nitf>"
    )


def _iptc7901(story: Story) -> str:
    text = "\r\n   ".join(story.paragraphs)
    return (
        f"\x01odd{story.number % 1000:03} 4 i {len(text.split())} wire\r\n\x02{story.headline}=\r\n   {text}\r\n"
        f"\x03{story.number % 28 + 1:02}1000 GMT Nov 26\r\n"
    )


def _anpa(story: Story) -> str:
    text = "\r\n\t".join(story.paragraphs)
    return (
        f"\x16\x16\x01a{story.number % 10000:04}\x1fa----\r\nr a\x13\x11bc-Odd-{story.number} 11-20 0{len(text.split()):03}\r\n"
        f"\x02^{story.headline}<\r\n\t{text}\r\n\x03ODD-11-20-26 1000EST\r\n"
    )


def _mail(story: Story) -> str:
    return (
        f"From: Oddities <o@odd.example>\r\nSubject: {story.headline[:900]}\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n"
        f"Message-ID: <{story.number}.{story.version}@odd.example>\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n" + "\r\n\r\n".join(story.paragraphs) + "\r\n"
    )


FORMS: dict[str, tuple[str, Callable[[Story], str]]] = {
    "ninjs": ("application/json", _ninjs),
    "wire item": ("application/json", _wire_item),
    "JSON Feed": ("application/json", _json_feed),
    "AP Media API": ("application/json", _ap),
    "RSS": ("application/xml", _rss),
    "Atom": ("application/xml", _atom),
    "NewsML-G2": ("application/xml", _g2),
    "NITF": ("application/xml", _nitf),
    "IPTC 7901": ("text/plain", _iptc7901),
    "ANPA 1312": ("text/plain", _anpa),
    "mail": ("message/rfc822", _mail),
}
