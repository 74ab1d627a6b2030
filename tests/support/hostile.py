"""Documents that are made to be slow to read: each is a kind, of any size, as somebody hostile would send it."""

from __future__ import annotations

import json
from collections.abc import Callable

Document = tuple[bytes, str]  #: the body, and what its sender calls it

_XML, _RSS, _JSON, _MAIL = "application/xml", "application/rss+xml", "application/json", "message/rfc822"


def _g2(text: str, *, contenttype: str = "text/plain", meta: str = "") -> bytes:
    return f"""<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:hostile:1" version="1">
<contentMeta><headline>Slow</headline>{meta}</contentMeta>
<contentSet><inlineData contenttype="{contenttype}">{text}</inlineData></contentSet></newsItem>""".encode()


def _rss(items: str, *, root: str = "") -> bytes:
    return f'<rss version="2.0" {root}><channel><title>x</title>{items}</channel></rss>'.encode()


def _item(inside: str) -> str:
    return f"<item><guid>urn:hostile:1</guid><title>Slow</title>{inside}</item>"


def _members(**members: object) -> bytes:
    return json.dumps({"uri": "urn:hostile:1", "version": 1, "headline": "Slow", "body_text": "Slow.", **members}).encode()


def _many(size: int, one: Callable[[int], str], between: str = "") -> str:
    return between.join(one(number) for number in range(max(1, size // (len(one(size // 10)) + len(between)))))


def _mail_of_parts(size: int) -> bytes:
    part = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    head = "From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return (head + part * (size // len(part)) + "--b--\r\n").encode()


def _mail_of_messages(size: int) -> bytes:
    one = "Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n"
    return ("From: a@b.example\r\nSubject: x\r\n" + _many(size, one.format)).encode()


_LINE = "\x01a0001 reuter\n\x02"

KINDS: dict[str, Callable[[int], Document]] = {
    "text full of <": lambda size: (_g2("&lt;" * (size // 4)), _XML),
    "text full of <a": lambda size: (_g2("&lt;a " * (size // 6)), _XML),
    "text full of &": lambda size: (_g2("&amp;" * (size // 5)), _XML),
    "text of entity-like words": lambda size: (_g2("&amp;" + "a" * size), _XML),
    "text of &# without an end": lambda size: (_g2("&amp;#1" * (size // 7)), _XML),
    "text of white space": lambda size: (_g2("a" + " " * size + "a"), _XML),
    "text of lines": lambda size: (_g2("\n\n" * (size // 2) + "a"), _XML),
    "HTML of open elements": lambda size: (_g2("&lt;b&gt;" * (size // 9), contenttype="text/html"), _XML),
    "HTML of comments without an end": lambda size: (_g2("&lt;!--" * (size // 7), contenttype="text/html"), _XML),
    "HTML of attributes": lambda size: (
        _g2("&lt;a " + "b=c " * (size // 4) + "&gt;x&lt;/a&gt;", contenttype="text/html"),
        _XML,
    ),
    "HTML of quotes without an end": lambda size: (_g2("&lt;a href='" * (size // 12), contenttype="text/html"), _XML),
    "attributes of a root": lambda size: (_rss(_item(""), root=_many(size, lambda n: f'a{n}="1"', " ")), _RSS),
    "attributes of an entry's element": lambda size: (
        _rss(_item("<link " + _many(size, lambda n: f'a{n}="1"', " ") + "/>")),
        _RSS,
    ),
    "namespaces of a root": lambda size: (_rss(_item(""), root=_many(size, lambda n: f'xmlns:a{n}="urn:{n}"', " ")), _RSS),
    "empty elements": lambda size: (_rss(_item("<a/>" * (size // 4))), _RSS),
    "empty elements of many names": lambda size: (_rss(_item(_many(size, lambda n: f"<a{n}/>"))), _RSS),
    "empty elements of a feed": lambda size: (_rss("<a/>" * (size // 4)), _RSS),
    "empty entries": lambda size: (_rss("<item/>" * (size // 7)), _RSS),
    "categories of one entry": lambda size: (_rss(_item(_many(size, lambda n: f"<category>k{n}</category>"))), _RSS),
    "enclosures of one entry": lambda size: (
        _rss(_item(_many(size, lambda n: f'<enclosure url="http://e.example/{n}" type="image/png"/>'))),
        _RSS,
    ),
    "authors of one entry": lambda size: (_rss(_item("<author>a@b.example (A)</author>" * (size // 32))), _RSS),
    "titles of one entry": lambda size: (_rss(_item("<title>a</title>" * (size // 16))), _RSS),
    "descriptions of one entry": lambda size: (_rss(_item("<description>a</description>" * (size // 28))), _RSS),
    "media of one entry": lambda size: (
        (
            '<rss version="2.0" xmlns:m="http://search.yahoo.com/mrss/"><channel><title>x</title>'
            + _item("<m:group>" + '<m:content url="http://e.example/a"/><m:title>x</m:title>' * (size // 60) + "</m:group>")
            + "</channel></rss>"
        ).encode(),
        _RSS,
    ),
    "elements nested": lambda size: (_rss(_item("<a>" * (size // 7) + "</a>" * (size // 7))), _RSS),
    "elements nested as deep as is read": lambda size: (
        _rss(_item(("<a>" * 200 + "</a>" * 200) * (size // 1400))),
        _RSS,
    ),
    "elements that never end": lambda size: (b"<rss><channel><item><title>x</title>" + b"<b>" * (size // 3), _RSS),
    "ends without beginnings": lambda size: (_rss(_item("</b>" * (size // 4))), _RSS),
    "ends of other elements": lambda size: (_rss(_item("<b></i>" * (size // 7))), _RSS),
    "sections without an end": lambda size: (_rss(_item("<![CDATA[" * (size // 9))), _RSS),
    "sections one in another": lambda size: (_rss(_item("<![CDATA[ <item> <![CDATA[ ]]>" * (size // 30))), _RSS),
    "comments without an end": lambda size: (_rss(_item("<!--" * (size // 4))), _RSS),
    "undeclared prefixes": lambda size: (_rss(_item(_many(size, lambda n: f"<p{n}:a/>"))), _RSS),
    "lone ampersands": lambda size: (_rss(_item("<description>" + "& " * (size // 2) + "</description>")), _RSS),
    "lone less-than signs": lambda size: (_rss(_item("<description>" + "< " * (size // 2) + "</description>")), _RSS),
    "a description of escaped HTML": lambda size: (
        _rss(_item("<description>" + "&lt;p&gt;" * (size // 9) + "</description>")),
        _RSS,
    ),
    "a description of links": lambda size: (
        _rss(_item("<description>" + "&lt;a href='b'&gt;" * (size // 18) + "</description>")),
        _RSS,
    ),
    "instructions": lambda size: (b"<?a?>" * (size // 5) + _rss(_item("")), _RSS),
    "a doctype of brackets": lambda size: (b"<!DOCTYPE rss [" + b"[]" * (size // 2), _RSS),
    "junk before a root": lambda size: (b"<br />" * (size // 6) + _rss(_item("")), _RSS),
    "subjects of NewsML-G2": lambda size: (
        _g2("x", meta=_many(size, lambda n: f'<subject qcode="a:{n}"><name>n{n}</name></subject>')),
        _XML,
    ),
    "paragraphs of NITF": lambda size: (
        b"<nitf><body><body.head><hedline><hl1>H</hl1></hedline></body.head><body.content>"
        + b"<p>x</p>" * (size // 8)
        + b"</body.content></body></nitf>",
        _XML,
    ),
    "tables of NITF": lambda size: (
        b"<nitf><body><body.head><hedline><hl1>H</hl1></hedline></body.head><body.content>"
        + b"<table><tr><td>x</td></tr></table>" * (size // 34)
        + b"</body.content></body></nitf>",
        _XML,
    ),
    "components of NewsML 1": lambda size: (
        b"<NewsML><NewsItem>"
        + b"<NewsComponent>" * 100
        + b"<NewsLines><HeadLine>x</HeadLine></NewsLines>" * (size // 41)
        + b"</NewsComponent>" * 100
        + b"</NewsItem></NewsML>",
        _XML,
    ),
    "items of NewsML-G2": lambda size: (
        b'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>'
        + b'<newsItem guid="urn:a"/>' * (size // 24)
        + b"</itemSet></newsMessage>",
        _XML,
    ),
    "members of one item": lambda size: (_members(**{f"m{n}": 1 for n in range(size // 14)}), _JSON),
    "keywords of one item": lambda size: (_members(keywords=[f"k{n}" for n in range(size // 11)]), _JSON),
    "subjects of one item": lambda size: (
        _members(subject=[{"code": f"s{n}", "name": f"n{n}"} for n in range(size // 36)]),
        _JSON,
    ),
    "associations of one item": lambda size: (
        _members(associations={f"a{n}": {"href": f"http://e.example/{n}"} for n in range(size // 44)}),
        _JSON,
    ),
    "JSON nested in lists": lambda size: (b"[" * (size // 2) + b"]" * (size // 2), _JSON),
    "JSON nested in objects": lambda size: (b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6), _JSON),
    "JSON nested and never closed": lambda size: (b'{"uri":' * (size // 7), _JSON),
    "a JSON member nested": lambda size: (_members()[:-1] + b', "x": ' + b"[" * (size // 2) + b"]" * (size // 2) + b"}", _JSON),
    "JSON objects within an item": lambda size: (_members(x=[{"y": [{"z": {}}]}] * (size // 22)), _JSON),
    "JSON of digits": lambda size: (b'{"uri": "urn:x", "version": ' + b"9" * size + b"}", _JSON),
    "JSON of backslashes": lambda size: (b'{"uri": "' + b"\\" * size, _JSON),
    "JSON of broken letters": lambda size: (b'{"uri": "urn:x", "headline": "' + b"\xff\xe9 " * (size // 3) + b'"}', _JSON),
    "JSON lines": lambda size: (b'{"uri":"urn:x"}\n' * (size // 16), "application/x-ndjson"),
    "broken JSON lines": lambda size: (b'{"uri"\n' * (size // 7), _JSON),
    "lines of nothing": lambda size: (b"1\n" * (size // 2), "application/x-ndjson"),
    "a text of digits": lambda size: (_members(body_text="1" * size), _JSON),
    "a text of Arabic digits": lambda size: (_members(body_text="\u0661" * (size // 6)), _JSON),
    "a text of dates": lambda size: (_members(body_text="1 January 2026 " * (size // 15)), _JSON),
    "a text of times": lambda size: (_members(body_text="embargoed until 10:00 " * (size // 22)), _JSON),
    "a text of killing words": lambda size: (_members(body_text="kill kill kill " * (size // 15)), _JSON),
    "a text of dashes": lambda size: (_members(body_text="- " * (size // 2)), _JSON),
    "a text of brackets": lambda size: (_members(body_text="(" * size), _JSON),
    "a text of one word": lambda size: (_members(body_text="a" * size), _JSON),
    "a text of full stops": lambda size: (_members(body_text="." * size), _JSON),
    "a text of combining marks": lambda size: (_members(body_text="a" + "\u0301" * (size // 6)), _JSON),
    "a text of controls": lambda size: (_members(body_text="\u0007\u200f" * (size // 12)), _JSON),
    "a headline of white space": lambda size: (_members(headline="a" + " " * size + "a"), _JSON),
    "a long date": lambda size: (_members(versioncreated="1" * size), _JSON),
    "a long name": lambda size: (_members(language="en-" * (size // 3)), _JSON),
    "a body of HTML": lambda size: (_members(body_html="<p>x</p>" * (size // 8)), _JSON),
    "a body of open elements": lambda size: (_members(body_html="<p><b>" * (size // 6)), _JSON),
    "a body of less-than signs": lambda size: (_members(body_html="<" * size), _JSON),
    "a body of entities": lambda size: (_members(body_html="&lt;" * (size // 4)), _JSON),
    "a body of entities without an end": lambda size: (_members(body_html="&" + "a" * size), _JSON),
    "a mail of parts": lambda size: (_mail_of_parts(size), _MAIL),
    "a mail of messages": lambda size: (_mail_of_messages(size), _MAIL),
    "a mail of headers": lambda size: (b"From: a@b.example\r\nSubject: x\r\n" + b"A: b\r\n" * (size // 6) + b"\r\nx", _MAIL),
    "a mail with a long header": lambda size: (b"From: a@b.example\r\nSubject: " + b"x " * (size // 2) + b"\r\n\r\nx", _MAIL),
    "a mail of encoded words": lambda size: (
        b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?a?= " * (size // 14) + b"\r\n\r\nx",
        _MAIL,
    ),
    "a mail of addresses": lambda size: (
        b"From: " + b"a@b.example, " * (size // 13) + b"a@b.example\r\nSubject: x\r\n\r\nx",
        _MAIL,
    ),
    "a mail of parameters": lambda size: (
        b"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain" + b"; a=b" * (size // 5) + b"\r\n\r\nx",
        _MAIL,
    ),
    "a mail of brackets": lambda size: (b"From: " + b"(" * size + b"\r\nSubject: x\r\n\r\nx", _MAIL),
    "a mail of HTML": lambda size: (
        b"From: a@b.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n" + b"<b>" * (size // 3),
        _MAIL,
    ),
    "a mail of base64": lambda size: (
        b"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"YWFh\r\n" * (size // 6),
        _MAIL,
    ),
    "a mail of attached documents": lambda size: (
        b"From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b'--b\r\nContent-Type: application/json\r\n\r\n{"uri": "urn:x"}\r\n' * (size // 56),
        _MAIL,
    ),
    "messages of IPTC 7901": lambda size: ((_LINE * (size // len(_LINE))).encode(), "text/plain"),
    "a message without an end": lambda size: ((_LINE + "a " * (size // 2)).encode(), "text/plain"),
    "a message of line ends": lambda size: ((_LINE + "\r\n" * (size // 2) + "\x03").encode(), "text/plain"),
    "letters of no encoding": lambda size: ((_LINE).encode() + b"\xff\xe9\x80" * (size // 3) + b"\x03", "text/plain"),
    "bytes of nothing": lambda size: (b"\0" * size, ""),
    "bytes beyond ASCII": lambda size: (b"\xe9" * size, ""),
    "colons": lambda size: (b"a:" * (size // 2), ""),
    "headers of nobody": lambda size: (b"a: b\n" * (size // 5), ""),
}
