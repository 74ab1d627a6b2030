"""Pictures, sound and video of a story: which of them can be shown, where they are, and how one stands in the text."""

from __future__ import annotations

import html
import mimetypes
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from shared.contracts.item import WireItem
from shared.language.characters import clean_line


@dataclass(frozen=True, kw_only=True)
class Media:
    """A picture, sound or video that goes with a story."""

    url: str
    type: str  #: media type; guessed from the name where the sender gave none
    medium: str  #: `image`, `video`, `audio`
    width_px: int | None
    height_px: int | None
    size_bytes: int | None
    caption: str
    credit: str


def media_of(item: WireItem) -> tuple[Media, ...]:
    """What can be shown with a story: associations with an address and a type that says what they are."""
    media = []
    for one in item.associations:
        address = web_address(one.href)
        kind = one.media_type or mimetypes.guess_type(urlsplit(address).path)[0] or ""
        medium = kind.partition("/")[0]
        if address and medium in ("image", "video", "audio"):
            media.append(
                Media(
                    url=address,
                    type=kind,
                    medium=medium,
                    width_px=one.width_px or None,  # nothing is nought wide, or long
                    height_px=one.height_px or None,
                    size_bytes=one.size_bytes or None,
                    caption=one.caption or one.headline,
                    credit=one.credit,
                )
            )
    return tuple(media)


#: what may stand in an address beside letters and digits (RFC 3986), a `%` among it
_IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]-._"
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def web_address(href: str) -> str:
    """A link as a URI: its host in ASCII, everything else that a URI cannot have escaped. Nothing if it is no address at all."""
    try:
        parts = urlsplit(href)
        host, port = parts.hostname or "", parts.port
        name = host if host.isascii() else host.encode("idna").decode()
    except ValueError:  # a UnicodeError is one too
        return ""
    if not host:
        return ""
    shown = f"[{name}]" if ":" in name else quote(name, safe="-._~")
    user = f"{quote(parts.netloc.rpartition('@')[0], safe=_IN_ADDRESSES)}@" if "@" in parts.netloc else ""
    rest = (_LONE_PERCENT.sub("%25", quote(part, safe=_IN_ADDRESSES)) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, f"{user}{shown}{f':{port}' if port is not None else ''}", *rest))


def picture_html(picture: Media) -> str:
    """The first picture, in the text, with its caption and credit: readers show what stands in the text."""
    words = " ".join(filter(None, (picture.caption, f"({picture.credit})" if picture.credit else "")))
    alt = html.escape(clean_line(picture.caption))
    size = f' width="{picture.width_px}" height="{picture.height_px}"' if picture.width_px and picture.height_px else ""
    image = f'<img src="{html.escape(picture.url)}" alt="{alt}"{size}>'
    caption = f'<br><em dir="auto">{html.escape(clean_line(words), quote=False)}</em>' if words else ""
    return f"<p>{image}{caption}</p>"
