"""Languages as senders name them: tags in any spelling, codes of two and three letters, and names in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from babel.core import Locale, get_global

#: the longest spelling that is read; the contract holds 35 letters
_LONGEST = 80
_MAX_ENTRIES = 10
_TAG = re.compile(r"^([A-Za-z]{2,3})((?:-[A-Za-z0-9]{1,8})*)$")
_LONGEST_TAG = 35
#: what a language's object calls its code, the surest first
_KEYS = ("code", "tag", "qcode", "uri", "id", "value", "literal", "name")
_NO_LANGUAGE = {"und", "mul", "zxx", "mis", "root"}
#: languages whose speakers' own names for languages are known here
_NAMED_IN = (
    "en", "ar", "fr", "de", "es", "it", "pt", "nl", "ru", "tr", "fa", "ur", "he", "hi", "id", "zh", "ja", "ko", "sv", "da", "nb",
    "fi", "pl", "el", "uk", "ro",
)  # fmt: skip


def language_tag(value: object) -> str | None:
    """The BCP 47 tag (https://www.rfc-editor.org/info/bcp47) of a language; None if nobody can say which it is.

    `value` is a tag, a code of two or three letters or a name in any spelling, an object that has one, or a list: then the
    first that is understood counts. Region and script stay as they were written.
    """
    if isinstance(value, Mapping):
        return next((tag for key in _KEYS if (tag := language_tag(value.get(key)))), None) if value else None
    if isinstance(value, list | tuple):
        return next((tag for each in value[:_MAX_ENTRIES] if (tag := language_tag(each))), None)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    # `English (US)`, `ar, en`, `en_US.UTF-8`, `iso639:eng`, `http://www.loc.gov/.../iso639-1/ar`
    first = re.split(r"[,;(.@]", value.strip())[0] if "//" not in value else value
    word = re.split(r"[:/#]", first.strip().rstrip("/"))[-1].strip()
    return _by_tag(word.replace("_", "-").strip("-")) or _names().get(word.casefold())


def _by_tag(spelled: str) -> str | None:
    if not (match := _TAG.match(spelled)):
        return None
    code = match[1].lower()
    code = get_global("language_aliases").get(code, code) if len(code) == 3 or code in ("iw", "in", "ji", "mo") else code
    if code not in _codes():
        return None
    parts = match[2].split("-")[1:]
    # extensions and private use say nothing of the language
    end = next((number for number, part in enumerate(parts) if len(part) == 1), len(parts))
    tag = "-".join([code, *parts[:end]])
    return tag if len(tag) <= _LONGEST_TAG else code


@cache
def _codes() -> frozenset[str]:
    return frozenset(str(code) for code in Locale("en").languages) - _NO_LANGUAGE


@cache
def _names() -> dict[str, str]:
    """Names of languages in several languages, to their tags."""
    names: dict[str, str] = {}
    for locale in _NAMED_IN:
        for code, name in Locale(locale).languages.items():
            if code in _codes():
                names.setdefault(name.casefold(), code)
    return names | dict.fromkeys(("عربي", "عربى", "عربية"), "ar") | dict.fromkeys(("انجليزي", "إنجليزي", "إنجليزية"), "en")
