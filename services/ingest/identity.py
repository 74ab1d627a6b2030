"""Identity: what a story without a `uri` of its own is known by."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

#: names made from names (RFC 9562, version 5) within Barq
_NAMESPACE = UUID("6f1d8f1a-3c0b-5b7e-9a55-6f6f3b0f6a11")


def uri_from_content(fields: Mapping[str, Any]) -> str:
    """An identity made from provider and content: the same story sent again has it again, another story never has."""
    provider = fields.get("provider")
    parts = (
        str(getattr(provider, "name", "") or getattr(provider, "code", "")),
        str(fields.get("headline", "")),
        str(fields.get("body_html", "")),
    )
    digest = hashlib.sha256("\0".join(" ".join(part.split()) for part in parts).encode("utf-8", "replace"))
    return uuid5(_NAMESPACE, digest.hexdigest()).urn


def uri_from_reference(format_name: str, *parts: str) -> str:
    """An identity made from an agency's own running number: `urn:barq:iptc7901:dpa:20131113:eca062`."""
    words = [re.sub(r"[^\w.-]+", "-", part.strip().lower()).strip("-") for part in parts]
    return ":".join(["urn:barq", format_name, *(word for word in words if word)])
