"""Words that are for the receiving desk: that an item is embargoed, or that another is to be killed.

They are looked for where desks write them: in headline, slugline, note to editors and the first line of the text, and there
where such a line opens, ends or stands in brackets. News *about* an embargo or a killing has the same words elsewhere.
"""

from __future__ import annotations

import re
import unicodedata

#: what is looked at of each line
LONGEST_LOOK = 300

#: what may stand before them: an agency's address to the desk, marks, a slug
_OPENS = (
    r"^\W{0,20}(?:(?:attention|attn|editors?|eds|desks?|note(?: to editors)?|nota|important|urgent|bulletin|flash|please note|"
    r"(?:this|the) (?:story|release|text|item|report|article|copy) is|(?:news|press|media) release|strictly|strict|under|"
    r"sous|onder|bajo|تنويه|ملاحظة|تنبيه|عاجل|هام|خاص|للمحررين)\W{1,10}){0,4}"
)
_TIME = (
    r"(?:\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|midnight|noon|tomorrow|today|tonight|الساعة|"
    r"يوم|غد)"
)
_UNTIL = r"(?:until|till?|untill|til|to(?=\W{0,3}\d)|before|jusqu|hasta|fino|bis|tot)"
_AT = r"(?:at|on|after|not before|until|upon)"
_USE = r"(?:publication|release|broadcast|publishing|print|use|distribution|transmission|online use|air)"
_EMBARGO = re.compile(
    "|".join(
        (
            rf"{_OPENS}embarg(?:o(?:ed|ee?)?|ad[oa]|ato)\W{{0,10}}(?:{_UNTIL}\b|{_UNTIL}(?='|’)|for\W{{1,3}}(?:{_USE}|{_TIME})|:|{_TIME}|$)",
            rf"{_OPENS}embargoed?\s?(?:[\])}}|*]|[-–—/]\W{{0,10}}{_TIME})",
            rf"{_OPENS}embargoed\W{{0,5}}(?:[-–—/|]|material|copy|story|text|release)(?=\W)",
            rf"\bembargoed\W{{1,10}}(?:{_UNTIL})\b",
            rf"[(\[{{*|]\s?(?:strictly |under |strict )?embargo(?:ed)?\W{{0,10}}(?:{_UNTIL}\b|{_TIME}|[)\]}}*|:])",
            rf"[-–—/|:]\s?(?:strictly |under |strict )?embargo(?:ed)?\W{{1,10}}{_UNTIL}\b(?=.{{0,60}}\d)",
            r"\bstrictly\W{1,5}embargoed\b",
            rf"{_OPENS}(?:not\W{{1,5}}(?:to\W{{1,5}}be\W{{1,5}})?|do\W{{1,5}}not\W{{1,5}}|no\W{{1,5}}|never\W{{1,5}})"
            rf"(?:for\W{{1,5}})?(?:{_USE}|publish(?:ed)?|released?|used?|broadcast|transmit(?:ted)?|print(?:ed)?|aired)\b"
            r"[^.!?]{0,60}?\b(?:before|until|till|prior to|ahead of)\b",
            rf"\bnot\W{{1,5}}for\W{{1,5}}{_USE}\b\W{{0,5}}(?:\w+\W{{1,5}}){{0,6}}?(?:before|until|till|prior to)\b",
            rf"{_OPENS}hold\W{{1,5}}for\W{{1,5}}release\b",
            rf"{_OPENS}(?:hold\W{{1,5}}until|(?:adv(?:ance)?\W{{1,5}})?for\W{{1,5}}release\W{{0,10}}(?:{_AT}\b|{_TIME})"
            rf"|advance\W{{1,5}}for\W{{1,5}}{_USE})(?=.{{0,60}}{_TIME})",
            rf"{_OPENS}not\W{{1,5}}before\W{{1,5}}\d",
            rf"{_OPENS}under\W{{1,5}}(?:strict\W{{1,5}})?embargo\b",
            r"^\W{0,20}(?:achtung\W{1,10})?(?:sperr(?:frist|vermerk)|sperrefrist)\b",
            rf"{_OPENS}(?:a )?ne pas (?:publier|diffuser|utiliser) avant\b|{_OPENS}no (?:publicar|difundir) (?:antes|hasta)\b",
            # Arabic, folded: without marks and hamzas
            r"(?:محظور|محظوره|يحظر|ممنوع|يمنع|يرجي عدم|الرجاء عدم|رجاء عدم) (?:ال)?(?:نشر|بث|استخدام)(?:ه|ها)?"
            r"(?: \w+){0,3}? (?:حتي|قبل|الا بعد|لحين)(?= )",
            rf"{_OPENS}(?:حظر|ايقاف) (?:ال)?نشر\W{{1,5}}(?:حتي|قبل|لغايه)(?=\W)",
            rf"{_OPENS}(?:غير (?:مخصص )?للنشر|لا ينشر|ليس للنشر|لا تنشر|لا يبث)(?: \w+){{0,3}} (?:حتي|قبل|الا بعد)(?=\W)",
            rf"{_OPENS}(?:للنشر (?:بعد|ابتداء|في) |(?:تحت|خاضع ل?)\s?ال?(?:حظر|اي?مبار[غجك]و)|اي?مبار[غجك]و\W)",
        )
    ),
    re.IGNORECASE,
)
#: what a kill speaks of
_STORY = (
    r"(?:story|stories|item|slug|advisory|article|headline|copy|text|version|alert|flash|snap|report|series|urgent|photo|picture|"
    r"image)"
)
_KILL = re.compile(
    "|".join(
        (
            rf"{_OPENS}(?:mandatory|compulsory|immediate)\W{{1,5}}kill\b(?!\W{{1,3}}(?:switch|zone|order|list|rate|bill|rule|law|of\b))",
            rf"{_OPENS}kill\s?:",
            rf"{_OPENS}(?:mandatory |urgent |bulletin )?kill(?:\W{{1,5}}(?:the|this|previous|earlier|our|all))?\W{{1,3}}"
            rf"(?:{_STORY}|notice)\b(?!\W{{1,3}}(?:line|of|about|idea))",
            rf"{_OPENS}(?:{_STORY}|pix|news)\W{{0,2}}kill\s?(?:$|[-–—:/.*])",
            rf"{_OPENS}(?:please|pls|plse)\W{{1,5}}(?:kill|withdraw|retract|disregard|delete|spike)\W{{1,5}}(?:(?:the|this|our|all|previous|"
            rf"earlier|following)\W{{1,5}}){{0,3}}(?:\w{{1,12}}\W{{1,5}}){{0,2}}?(?:{_STORY}|\d{{2,}}|[a-z]{{1,8}}\d{{2,}})",
            r"^\W{0,20}(?:(?:attention|attn)\W{1,10})?(?:editors?|eds|desks?)\W{1,10}(?:please\W{1,5}|pls\W{1,5}|mandatory\W{1,5})?"
            r"(?:kill|withdraw|retract|spike)\b",
            rf"\b(?:this|our)\W{{1,5}}{_STORY}\W{{1,5}}(?:has\W{{1,5}}been|was|is(?:\W{{1,5}}being)?|is\W{{1,5}}hereby)\W{{1,5}}"
            r"(?:killed|withdrawn|retracted|canceled|cancelled|spiked)\b|\bthe\W{1,5}story\W{1,5}(?:has\W{1,5}been|was|is)\W{1,5}killed\b",
            r"^\W{0,20}(?:annulation|anulacion|storno|stornierung|annullierung|zuruckgezogen)\s?:",
            # Arabic, folded
            rf"{_OPENS}(?:الغاء|سحب|يلغي|يسحب|نلغي|نسحب|تلغي|تسحب)\W{{1,3}}(?:ال)?(?:خبر|ماده|قصه|تقرير|برقيه|نبا)(?=\W|$)",
            rf"{_OPENS}الغاء (?:الزامي|اجباري|فوري)|{_OPENS}الغاء\s?:",
            rf"{_OPENS}(?:يرجي|الرجاء|رجاء|نرجو) (?:الغاء|سحب|حذف|عدم (?:نشر|استخدام|بث)) (?:ال|هذا ال|هذه ال)?"
            r"(?:خبر|ماده|قصه|تقرير|برقيه)",
        )
    ),
    re.IGNORECASE,
)
#: forms that are news in small letters
_KILL_IN_CAPITALS = re.compile(
    r"^\W{0,20}(?:(?:[A-Z]{1,10}\W{1,4}){0,3}?)(?:MANDATORY|BULLETIN|URGENT|NEWS|PHOTO|PICTURE|ADVISORY)[\s-]{1,3}KILL\b"
    r"|^\W{0,20}(?:[A-Z]{2,8}\W{1,4})?KILL(?:\s?[-–—/(*]+(?:\s|$)|\s?$|\s(?:KILL|ADVISORY|NOTICE)\b)"
    r"|^\W{0,20}(?:WITHDRAWN|WITHDRAWAL|RETRACTION|RETRACTED|STORY WITHDRAWN|STORY KILLED|DO NOT USE|DO NOT PUBLISH)"
    r"\s?(?:[:*]|[-–—]\s|$)"
    r"|^\W{0,20}[A-Za-z]{2,8}\s[-–—]\sKILL:"
    r"|\b(?:MANDATORY|BULLETIN) KILL\b(?! [A-Z]*(?:SWITCH|ZONE))"
)
#: a slugline's own spelling: its parts have signs between them
_KILL_IN_SLUG = re.compile(r"^(?:[A-Za-z]{2}-{1,2})?KILL[-/:_ ]|(?:,\s?|--)KILL$")


def asks_for_embargo(*lines: str) -> str:
    """The line that says that an item is embargoed; empty if none does."""
    return next((line for line in map(_looked_at, lines) if _EMBARGO.search(_folded(line))), "")


def asks_for_kill(*lines: str, slugline: str = "") -> str:
    """The line that asks for a story to be killed; empty if none does."""
    for line in map(_looked_at, (*lines, slugline)):
        if _KILL_IN_CAPITALS.search(line) or _KILL.search(_folded(line)):
            return line
    return _looked_at(slugline) if _KILL_IN_SLUG.search(_looked_at(slugline)) else ""


def _looked_at(line: str) -> str:
    return " ".join(line[: 4 * LONGEST_LOOK].split())[:LONGEST_LOOK]


def _folded(line: str) -> str:
    """Without marks and case, and Arabic's letters as they are compared."""
    plain = unicodedata.normalize("NFKD", line.casefold())
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Mn", "Cf"))
    return plain.translate(_ARABIC)


_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ٱ": "ا", "ـ": "", "ی": "ي", "ک": "ك"})
