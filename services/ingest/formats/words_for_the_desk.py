"""Words that are for the receiving desk: that an item is embargoed, or that another is to be killed.

They are sought where desks write them. What readers see (headlines, sluglines, the first lines of summary and text) holds an
item only where such words open the line, end it or stand in brackets, and where they are common words only together with a
time, a day or what a desk alone says (copy, story, editors, a wire's number): news *about* an embargo or a killing has the same
words. A note to editors speaks to desks only: there the words are enough.
"""

from __future__ import annotations

import re
import unicodedata

from shared.language.characters import without_unseen

#: what is read of each line, of a note, and how many of its lines
LONGEST_LINE = 300
LONGEST_NOTE = 4000
MAX_LINES = 60

# All is matched without case and marks (`_fold`), unless it says that it is in capitals.

#: marks that part an address from what is asked
_SIGN = r"\s?[:;,!.*/|–—-]\W{0,5}"
#: what may stand before words for the desk: an agency's address to it, marks, a slug
_OPENS = (
    r"^\W{0,20}(?:(?:attention|attn|editors?|eds|desks?|note(?: to editors)?|nota|important|urgent|bulletin|flash|please note|"
    r"(?:(?:this|the) )?(?:story|release|text|item|report|article|copy) is|(?:news|press|media) release|check against delivery|"
    r"strictly|strict|under|sous|onder|bajo|تنويه|ملاحظة|تنبيه|عاجل|هام|خاص|للمحررين)\W{1,10}){0,4}"
).translate({ord("ة"): "ه"})
#: and before a kill: `Editors kill story` is news, `Editors: kill story` is none
_TO_DESK = (
    r"^\W{0,20}(?:(?:(?:(?:attention|attn|note to|to|all)\W{1,5}){0,3}(?:editors?|eds|desks?|subs)(?:"
    + _SIGN
    + r"|\W{1,3}(?=please|pls))"
    r"|(?:attention|attn)\W{1,5}(?:(?:all\W{1,3})?(?:editors?|eds|desks?)\W{1,5})?"
    r"|(?:urgent|bulletin|flash|important|please note|corrections?|correct|note|advisory|alert|repeat)\W{1,10}"
    r"|(?:تنويه|ملاحظه|تنبيه|عاجل|هام|خاص|للمحررين|تصحيح)\W{1,10})){0,3}"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|satur|sun)(?:day)?|sat)\b"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\b"
_ZONE = r"(?:gmt|utc|z|bst|cet|cest|est|edt|pst|pdt|ct|et|hours|hrs|uhr|h)\b"
#: `0700 GMT`, `9am`, `10:00`, `0930`; a number of four that may be a year is none without its zone
_CLOCK = (
    rf"(?:\d{{1,2}}[:.h]\d{{2}}(?!\d)|\d{{1,2}}\s?(?:[ap]\.?m\b|{_ZONE})|\d{{4}}\s?{_ZONE}|(?!19|20)[0-2]\d[0-5]\d(?![\d,])|"
    r"(?:midnight|noon)\b|الساعه\b)"
)
_DAY = (
    rf"(?:{_WEEKDAY}|(?:tomorrow|today|tonight)\b|\d{{1,2}}(?:st|nd|rd|th)?\W{{1,3}}{_MONTH}|{_MONTH}\W{{1,3}}\d{{1,2}}(?!\d)|"
    r"\d{1,2}[./-]\d{1,2}[./-]\d|\d{4}-\d\d-\d\d|(?:غد|الغد|السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|يوم)\b)"
)
_TIME = rf"(?:{_CLOCK}|{_DAY})"
_UNTIL = r"(?:until|till?|untill|til|to(?=\W{0,3}\d)|before|jusqu|hasta|fino|bis|tot)"
_AT = r"(?:at|on|after|not before|until|upon)"
_USE = r"(?:publication|release|broadcast|publishing|print|use|distribution|transmission|online use|air)"
_USED = r"(?:publish(?:ed)?|released?|used?|broadcast|transmit(?:ted)?|print(?:ed)?|aired|run)"
_BEFORE = r"(?:before|until|till|prior to|ahead of)"
#: up to a time: `until 6 a.m. on Friday`, `until further notice at 10`
_THEN = rf"\W{{0,10}}(?:(?:at|on|the|of|a|las|le|um|not|{_UNTIL})\W{{1,5}}){{0,4}}{_TIME}"
#: what only a desk says of what it has: `copy`, `story`
_ARABIC_STORY = r"(?:خبر|ماده|قصه|تقرير|برقيه|نبا)"
_ARABIC_UNTIL = r"(?:حتي|قبل|الا بعد|لحين|لغايه|الي)"

_EMBARGO = re.compile(
    "|".join(
        (
            rf"{_OPENS}embargo{_THEN}",
            rf"{_OPENS}embargo\W{{0,10}}(?:$|(?:{_UNTIL}|for)\W{{1,5}}[\w.: ]{{1,20}}$|for\W{{1,3}}{_USE}\b)",
            rf"{_OPENS}under\W{{1,5}}(?:strict\W{{1,5}})?embargo\s?(?:[:*|\])]|[-–—]\s)",
            rf"{_OPENS}embargo\W{{1,5}}(?:lifts?|lifted|ends?|expires?|breaks?)\W{{1,5}}(?:(?:at|on)\W{{1,3}})?{_CLOCK}",
            rf"{_OPENS}embarg(?:oed|oee|ad[oa]|ato)\W{{0,10}}(?:{_UNTIL}\b|{_UNTIL}(?='|’)|for\W{{1,3}}(?:{_USE}\b|{_TIME})|:"
            rf"|{_TIME}|$)",
            rf"{_OPENS}embargoed?\s?(?:[\])}}|*]|[-–—/]\W{{0,10}}{_TIME})",
            rf"{_OPENS}embargoed\W{{0,5}}(?:[-–—/|]|material|copy|story|text|release)(?=\W)",
            rf"\bembargoed\W{{1,10}}(?:{_UNTIL})\b",
            rf"[(\[{{*|]\s?(?:strictly |under |strict )?embargo(?:ed)?\W{{0,10}}(?:{_UNTIL}\b|{_TIME}|[)\]}}*|:])",
            rf"[-–—/|:]\s?(?:strictly |under |strict )?embargo(?:ed)?\W{{1,10}}{_UNTIL}\b(?=.{{0,60}}{_TIME})",
            r"[-–—|:(]\s?(?:strictly embargoed|under (?:strict )?embargo|embargoed)\W{0,10}$",
            rf"[-–—/|:(]\s?(?:embargoed\W{{1,5}}for|for\W{{1,3}}release)\W{{1,5}}{_TIME}",
            r"\bcheck against delivery\W{1,5}(?:strictly )?embargo",
            r"\bstrictly\W{1,5}embargoed\b",
            rf"{_OPENS}not\W{{1,5}}for\W{{1,5}}{_USE}\b[^.!?:]{{0,60}}?\b{_BEFORE}\b",
            rf"{_OPENS}not\W{{1,5}}for\W{{1,5}}(?:publication|release|broadcast)\W{{0,5}}$",
            rf"{_OPENS}(?:(?:do\W{{1,5}})?not|no|never)\W{{1,5}}(?:to\W{{1,5}}be\W{{1,5}})?(?:{_USE}|{_USED})"
            rf"(?:\W{{1,3}}(?:this|the|it|story|copy|item)){{0,2}}\W{{1,5}}{_BEFORE}{_THEN}",
            rf"\bnot\W{{1,5}}for\W{{1,5}}{_USE}\b\W{{0,5}}(?:\w+\W{{1,5}}){{0,6}}?{_BEFORE}\b",
            rf"\bthis\W{{1,3}}(?:story|copy|item|text|release)\W{{1,3}}(?:must|may|should|is)\W{{1,3}}not\W{{1,3}}(?:to\W{{1,"
            rf"3}})?be\W{{1,3}}"
            rf"{_USED}\W{{1,3}}{_BEFORE}\b",
            rf"{_OPENS}hold\W{{1,5}}for\W{{1,5}}release\b",
            rf"{_OPENS}(?:hold\W{{1,5}}until|(?:adv(?:ance)?\W{{1,5}})?for\W{{1,5}}(?:release|publication)\W{{0,10}}(?:{_AT}"
            rf"\b|{_TIME})"
            rf"|advance\W{{1,5}}for\W{{1,5}}{_USE})(?=.{{0,60}}{_TIME})",
            rf"{_OPENS}(?:adv(?:ance)?\W{{1,5}})?for\W{{1,5}}(?:release|publication)\W{{1,10}}{_TIME}",
            rf"{_OPENS}not\W{{1,5}}before{_THEN}",
            r"^\W{0,20}(?:achtung\W{1,10})?(?:sperr(?:frist|vermerk)|sperrefrist)\b",
            rf"{_OPENS}(?:a )?ne pas (?:publier|diffuser|utiliser) avant\b|{_OPENS}no (?:publicar|difundir) (?:antes|hasta)\b",
            # Arabic, folded: without marks and hamzas
            r"(?:محظور|محظوره|يحظر|ممنوع|يمنع|موجل|يوجل|يرجي عدم|الرجاء عدم|رجاء عدم) (?:(?:ال)?(?:نشر|بث)(?:ه|ها)?|استخدام(?"
            r":ه|ها| الخبر| الماده))"
            rf"(?: \w+){{0,3}}? {_ARABIC_UNTIL}(?= )",
            rf"(?:{_OPENS}|[(\[{{*|–—-]\s?)(?:محظور|محظوره|موجل|موجله) {_ARABIC_UNTIL} \w*(?={_TIME}|(?:\W|$))(?:{_TIME}|[^)"
            rf"\]}}]{{0,20}}[)\]}}])",
            rf"{_OPENS}(?:حظر|ايقاف) (?:ال)?نشر\W{{1,5}}(?:حتي|قبل|لغايه)(?=\W)",
            rf"{_OPENS}(?:غير (?:مخصص )?للنشر|لا ينشر|ليس للنشر|لا للنشر|لا تنشر|لا يبث)(?: \w+){{0,3}} (?:حتي|قبل|الا بعد)(?"
            rf"=\W)",
            rf"{_OPENS}للنشر (?:بعد|ابتداء|في)(?: \w+){{0,3}}? {_TIME}",
            rf"{_OPENS}(?:(?:هذا |هذه )?(?:ال)?{_ARABIC_STORY} )?(?:تحت|خاضعه?(?: ل)?|قيد)\s?(?:ال)?(?:حظر|اي?مبار[غجك]و)"
            rf"(?:\W{{0,5}}$|:? {_ARABIC_UNTIL} .{{0,30}}?{_TIME}|:? (?:ال)?نشر\b)",
            rf"{_OPENS}(?:تحت )?(?:ال)?اي?مبار[غجك]و\W{{0,5}}(?:$|{_ARABIC_UNTIL}|{_TIME})",
        )
    )
)
#: what a kill speaks of
_STORY = (
    r"(?:story|stories|item|slug|advisory|article|headline|copy|text|version|alert|flash|snap|report|series|urgent|photo|picture|"
    r"image)"
)
#: how wires write of one of theirs: `ABC0012`, `dpa 0101`, `BC-Bank-Profit`, `1st Ld`
_NUMBER = (
    r"(?:[a-z]{2,8}-?\d{3,}\b|(?:[a-z]{2,8}\W{1,2})?(?<![,.\d])0\d{2,3}\b|(?:#|no\.?|nr\.?|number)\s?\d{3,}|(?:bc-{1,2}|[ap]m"
    r"-(?:-|\w{1,30}-))\w|"
    r"\d(?:st|nd|rd|th)\W{1,3}(?:ld|lead)\b|(?:urn|tag):)"
)
_FEW_WORDS = r"(?:[\w’'&.-]{1,20}\s){0,4}?"
#: what kills that are no kill of a story's are followed by
_NO_KILL = (
    r"(?!\W{1,3}(?:switch(?:es)?|zones?|orders?|lists?|rates?|bills?|rules?|laws?|rooms?|shots?|chains?|shelters?|teams?|squa"
    r"ds?|counts?|"
    r"quotas?|of|line|about|idea|power|fees?|fields?|me|em|joy)\b)"
)
_END = r"\s?(?:$|[-–—:/.*;(=])"
_TAKE_BACK = r"(?:kill|withdraw|retract|disregard|delete|spike|cancel)"
_TAKEN_BACK = r"(?:killed|withdrawn|retracted|canceled|cancelled|spiked)"
_ARABIC_TAKES_BACK = r"(?:الغاء|سحب|يلغي|يسحب|نلغي|نسحب|تلغي|تسحب|حذف)"
_KILL = re.compile(
    "|".join(
        (
            rf"{_TO_DESK}(?:mandatory|compulsory|immediate)\W{{1,5}}(?:kill|withhold|withdrawal|withdraw)"
            rf"(?:{_END}|\W{{1,3}}(?:notice|{_STORY}|{_NUMBER}|and\W{{1,3}}sub))",
            rf"^\W{{0,20}}(?:[a-z]{{1,10}}\W{{1,4}}){{0,2}}?bulletin\W{{1,5}}kill\b{_NO_KILL}",
            rf"{_TO_DESK}(?:(?:urgent|news|wire)\W{{1,5}})?(?:kill|withdraw|retract|spike)(?:\W{{1,5}}(?:the|this|previous|ea"
            rf"rlier|our|all))?"
            rf"\W{{1,3}}(?:{_STORY}(?:{_END}|\W{{1,3}}{_NUMBER})|{_FEW_WORDS}{_NUMBER})",
            rf"{_TO_DESK}kill\W{{1,3}}(?!bill\b){_FEW_WORDS}{_STORY}{_END}",
            rf"{_TO_DESK}withdraw\s?:\W{{0,3}}{_FEW_WORDS}{_STORY}\b",
            rf"{_TO_DESK}kill\W{{1,3}}(?:notice|advisory)\b(?!\W{{1,3}}(?:for|to|on|issued|ordered))",
            rf"{_TO_DESK}kill\W{{1,3}}kill(?:\W{{1,3}}kill)?\s?(?:$|[-–—:])",
            rf"{_TO_DESK}(?:{_STORY}|pix|news)\W{{0,2}}kill\s?(?:$|[-–—:/.*])",
            rf"{_TO_DESK}(?:please|pls|plse)\W{{1,5}}{_TAKE_BACK}(?:\s?(?:$|[:.])|\W{{1,5}}(?:(?:the|this|our|all|previous|ea"
            rf"rlier|"
            rf"following)\W{{1,5}}){{0,3}}(?:[\w-]{{1,20}}\W{{1,5}}){{0,4}}?(?:{_STORY}\b|{_NUMBER}))",
            r"^\W{0,20}(?:(?:attention|attn|note to|all)\W{1,5}){0,2}(?:editors?|eds|desks?)"
            rf"(?:{_SIGN}(?:(?:please|pls|mandatory)\W{{1,5}})?|\W{{1,3}}(?:please|pls)\W{{1,5}})(?:kill|withdraw|retract|spi"
            rf"ke)\b",
            rf"\b(?:this|our)\W{{1,5}}{_STORY}\W{{1,5}}(?:has\W{{1,5}}been|was|is(?:\W{{1,5}}being)?|is\W{{1,5}}hereby|"
            rf"(?:should|must)\W{{1,5}}be)\W{{1,5}}{_TAKEN_BACK}\b",
            rf"{_TO_DESK}the\W{{1,5}}story\W{{1,5}}(?:has\W{{1,5}}been|was|is)\W{{1,5}}{_TAKEN_BACK}{_END}",
            rf"{_TO_DESK}(?:(?:the|this|our)\W{{1,3}})?{_STORY}\W{{1,3}}(?:{_NUMBER}\W{{1,3}})?{_TAKEN_BACK}{_END}",
            r"^\W{0,20}retraction\s?(?:[:*]|[-–—]\s|$)",
            r"^\W{0,20}(?:annulation|anulacion|storno|stornierung|annullierung|zuruckgezogen)\s?:",
            # Arabic, folded
            rf"{_TO_DESK}{_ARABIC_TAKES_BACK}\W{{1,3}}(?:(?:ال)?(?:خبر|برقيه|نبا)(?=\W|$)|(?:هذا |هذه )?(?:ال)?"
            rf"{_ARABIC_STORY}\s?(?:$|[:.–—-]))",
            rf"{_TO_DESK}الغاء\W{{1,3}}(?:الزامي|اجباري|فوري)\s?(?:$|[:.–—-]|ل(?:ل)?{_ARABIC_STORY})",
            rf"{_TO_DESK}(?:يرجي|الرجاء|رجاء|نرجو) (?:الغاء|سحب|حذف|عدم (?:نشر|استخدام|بث)) (?:ال|هذا ال|هذه ال)?{_ARABIC_STORY}",
        )
    )
)
#: a line without one of these says nothing of the kind: found faster than all the forms
_EMBARGO_STEMS = re.compile(
    r"embarg|sperr|publi|releas|broadcast|print|\buse|distrib|transmi|\bair|hold|before|avant|antes|hasta|"
    r"نشر|بث|استخدام|حظر|محظور|موجل|مبار|حظور"
)
_KILL_STEMS = re.compile(
    r"kill|withdraw|withh|retract|disregard|delete|spike|cancel|annul|anul|storn|zuruck|\bnot\b|n['’]t\b|الغا|لغي|سحب|حذف|عدم"
)
#: forms that are news in small letters
_KILL_IN_CAPITALS = re.compile(
    r"^\W{0,20}(?:(?:[A-Z]{1,10}\W{1,4}){0,3}?)(?:MANDATORY|BULLETIN|URGENT|NEWS|PHOTO|PICTURE|ADVISORY)[\s-]{1,3}KILL\b"
    rf"(?i:{_NO_KILL})"
    r"|^\W{0,20}(?:(?!TO\b|ROAD\b|OVER\b|CAN\b|WILL\b|MUST\b|MAY\b|WE\b|THEY\b)[A-Z]{2,8}\W{1,4})?"
    r"KILL(?:\s?[-–—/(*]+(?:\s|$)|\s?$|\s?:|\s(?:KILL|ADVISORY|NOTICE)\b)"
    r"|^\W{0,20}(?:WITHDRAW|WITHDRAWN|WITHDRAWAL|RETRACTION|RETRACTED|STORY WITHDRAWN|STORY KILLED|DO NOT USE|DO NOT PUBLISH)"
    r"\s?(?:[:*]|[-–—]\s|$)"
    r"|^\W{0,20}[A-Za-z]{2,8}\s[-–—]\sKILL:"
    rf"|\b(?:MANDATORY|BULLETIN) KILL\b(?i:{_NO_KILL})"
)
#: a slugline's own spelling: its parts have marks between them
_KILL_IN_SLUG = re.compile(r"^(?:[A-Za-z]{2}-{1,2})?(?:KILL[-/:_ ](?!BILL|SWITCH|ZONE|LIST)|[Kk]ill\s?:)|(?:,\s?|--)KILL$")
_EMBARGO_IN_SLUG = re.compile(r"^\W{0,5}embargo(?:ed)?\s?:")

# -- notes to editors --

#: where what is asked begins: the note, a sentence, a part of one
_CLAUSE = (
    r"(?:^|[.;:!?,()\[\]*/|–—\n]|\s-)\s{0,5}(?:(?:please|pls|legal|mandatory|bulletin|urgent|attention|attn|editors?|eds|desk"
    r"s?|note|must|"
    r"to be)\W{1,5}){0,4}"
)
_NO_TIME_OF_OURS = (
    "arms", "weapons", "oil", "trade", "gas", "food", "grain", "fuel", "wheat", "economic", "import", "export", "travel", "coal",
    "crude", "energy", "u.s.", "us", "un", "u.n.", "eu", "russian", "cuban", "cuba", "iraq", "iran", "no", "not", "longer", ""
    "previously",
    "formerly", "without", "lifted", "lifts",
)  # fmt: skip
_NOT_AFTER = "".join(rf"(?<!\b{re.escape(word)}\W)" for word in _NO_TIME_OF_OURS)
_NOTE_EMBARGO = re.compile(
    "|".join(
        (
            rf"{_NOT_AFTER}\bembarg\w{{0,4}}\b(?!\W{{1,3}}(?:(?:has|been|is|was|now)\W{{1,3}}){{0,3}}(?:lifted\b(?!\W{{1,3}}("
            rf"?:at|on|from)\b)|over\b|"
            rf"expired\b|removed\b|cleared\b|ended\b))(?!\W{{1,3}}(?:on|against)\W{{1,3}}(?!(?:this|the|all|publi\w*|release|"
            rf"use)\b|{_TIME}))",
            r"(?<!keine )(?<!ohne )\bsperr(?:frist|vermerk|efrist)",
            rf"{_CLAUSE}(?:on\W{{1,3}})?hold\b(?:\s?(?:$|[.;:!?,)\]*\n–—-](?!\w))|\W{{1,3}}(?:until|till|for|pending|this|the"
            rf"|all|back|{_STORY}|"
            r"publication|release|off)\b)",
            rf"\blegal\W{{1,3}}hold\b|\b{_STORY}\W{{1,3}}(?:is|are|be|put|placed|was)?\W{{0,3}}on\W{{1,3}}hold\b",
            rf"{_CLAUSE}(?:adv(?:ance)?\W{{1,5}})?for\W{{1,5}}{_USE}\W{{1,10}}(?:(?:at|on|after|from|not before|before|until|"
            rf"only|in the)\W{{1,5}})"
            rf"{{0,3}}{_TIME}",
            rf"\b(?:not|never)\W{{1,5}}(?:(?:for|to)\W{{1,5}})?(?:be\W{{1,5}})?(?:{_USE}|{_USED})\b[^.!?\n]{{0,60}}?\b"
            rf"{_BEFORE}\b",
            rf"{_CLAUSE}(?:not|nothing|never)\W{{1,5}}before\W{{1,5}}{_TIME}",
            # Arabic, folded
            rf"محظوره?(?: (?:ال)?(?:نشر|بث)\w*)?(?:\W*$|\s?[.،؛:\n]| {_ARABIC_UNTIL}\b)",
            r"\b(?:تحت|قيد|خاضعه?(?: ل)?)\s?(?:ال)?حظر\b(?! تجول| التجول| الاسلحه| السفر| الطيران)|مبار[غجك]و",
            r"\b(?:لا|ليس|ليست|غير(?: مخصص| معد| قابل)?ه?) للنشر\b|\bلا (?:ينشر|تنشر|يبث|يذاع)\b",
            r"\b(?:موجله?|ممنوع|يمنع|يحظر|عدم|يوجل|تاجيل|حظر|ايقاف|تعليق) (?:ال)?(?:نشر|بث)(?:ه|ها)?\b",
        )
    )
)
#: a note's heading over numbers and names says the same of these, as `(not for publication)` behind a telephone does
_NOT_FOR_PUBLICATION = re.compile(
    r"\b(?:not|never|nicht)\W{1,5}(?:(?:intended|meant)\W{1,3})?(?:to\W{1,5}be\W{1,5}|be\W{1,5})?(?:for\W{1,5}(?:publication|"
    r"release|broadcast|"
    r"transmission|distribution|air|publishing)|(?:published|released|broadcast|aired|distributed|transmitted))\b"
    r"(?!\W{1,3}(?:in|by|outside|within|to)\b)"
)
_OF_CONTACTS = re.compile(
    r"informati|contact|phone|\btel\b|mobile|number|notebook|section|details|\bnotes?\b|following|below|above|e-?mail|interna"
    r"l|part\b|\blines?\b|"
    r"@|\+?\d[\d ()-]{6}"
)
_NOTE_KILL = re.compile(
    "|".join(
        (
            rf"{_CLAUSE}kill\b{_NO_KILL}",
            r"\b(?:mandatory|bulletin|compulsory)\W{1,5}(?:kill|withhold|withdrawal|withdraw)\b",
            rf"\bkills?\W{{1,3}}(?:(?:and|&)\W{{1,3}}sub|(?:(?:the|this|our|all)\W{{1,3}})?(?:previous|earlier|{_STORY}\b|not"
            rf"ice))",
            rf"\b(?:story|stories|item|slug|article|copy|text|version|alert|flash|snap|urgent|advisory|headline|this report)"
            rf"\W{{1,3}}"
            r"(?:(?:is|was|has|have|been|be|being|must|should|will|to|now|hereby|are|needs|ought|and|also|immediately)\W{1,3}"
            r"){0,5}"
            rf"(?:kill|{_TAKEN_BACK})\b",
            rf"\b(?:please|pls|plse)\W{{1,5}}(?:\w{{1,15}}\W{{1,5}})?{_TAKE_BACK}\b",
            rf"{_CLAUSE}(?:withdraw|retract|spike|withhold|withdrawn|retraction|withdrawal|retracted)\b(?:{_END}|\s?[!,]|\W{{"
            rf"1,3}}(?:this|the\W{{1,3}})?"
            rf"\W{{0,3}}{_STORY}\b)",
            rf"\bdo(?:\W{{1,3}}not|n['’]t)\W{{1,5}}(?:use|publish|run|broadcast|print|release|transmit|air)\b(?!.{{0,80}}\b"
            rf"{_BEFORE}\b)"
            rf"(?:\W{{0,3}}$|\s?[.;:!,\n–—)]|\W{{1,3}}(?:it\b|this\b|(?:(?:the|our|any|all|previous|earlier)\W{{1,3}}){{0,3}}"
            rf"{_STORY}\b))",
            # Arabic, folded
            rf"\b{_ARABIC_TAKES_BACK} (?:هذا |هذه )?(?:ال)?{_ARABIC_STORY}\b|\bالغاء (?:الزامي|اجباري|فوري)",
            r"\b(?:يرجي|الرجاء|رجاء|نرجو) (?:الغاء|سحب|حذف|عدم (?:ال)?(?:استخدام|نشر|بث))(?!.{0,40}\b(?:قبل|حتي|الا بعد)\b)",
        )
    )
)


def asks_for_embargo(*lines: str, slugline: str = "", note: str = "") -> str:
    """The line that says that an item is embargoed, at most `LONGEST_LINE` letters of it; empty if none does.

    `lines` are what readers see, one by one; `note` is for desks only, and the words may stand anywhere in it.
    """
    slug = _shorten(slugline)
    for line in (*map(_shorten, lines), slug, *_lines_of(note)):
        if _says(_EMBARGO, _EMBARGO_STEMS, line):
            return line
    if _EMBARGO_IN_SLUG.search(_fold(slug)):
        return slug
    if not _EMBARGO_STEMS.search(folded := _fold(note[:LONGEST_NOTE])):
        return ""
    match = _NOTE_EMBARGO.search(folded) or _not_for_publication(folded)
    return _excerpt(note, match) if match else ""


def asks_for_kill(*lines: str, slugline: str = "", note: str = "") -> str:
    """The line that asks for a story to be killed, as `asks_for_embargo` has it."""
    for line in filter(None, (*map(_shorten, (*lines, slugline)), *_lines_of(note))):
        if _says(_KILL, _KILL_STEMS, line) or _KILL_IN_CAPITALS.search(_plain(line)):
            return line
    if _KILL_IN_SLUG.search(_plain(_shorten(slugline))):
        return _shorten(slugline)
    folded = _fold(note[:LONGEST_NOTE])
    match = _NOTE_KILL.search(folded) if _KILL_STEMS.search(folded) else None
    return _excerpt(note, match) if match else ""


def _not_for_publication(note: str) -> re.Match[str] | None:
    """Words that keep a story from readers, where they are not said of a note's own numbers and names."""
    for match in _NOT_FOR_PUBLICATION.finditer(note):
        before = re.split(r"[.!?;\n]", note[max(0, match.start() - 80) : match.start()])[-1]
        if not _OF_CONTACTS.search(before) and not _OF_CONTACTS.search(note[match.end() : match.end() + 80].partition(".")[0]):
            return match
    return None


def _excerpt(note: str, match: re.Match[str]) -> str:
    """The words of a note about a place in its folded copy, which may be a little shorter."""
    return _shorten(note[max(0, match.start() - 20) :])


def _lines_of(note: str) -> list[str]:
    return [_shorten(line) for line in note[:LONGEST_NOTE].split("\n", MAX_LINES)[:MAX_LINES]]


def _says(pattern: re.Pattern[str], stems: re.Pattern[str], line: str) -> bool:
    folded = _fold(line)
    return stems.search(folded) is not None and pattern.search(folded) is not None


def _shorten(line: str) -> str:
    return " ".join(line[: 4 * LONGEST_LINE].split())[:LONGEST_LINE]


def _plain(line: str) -> str:
    """In letters of one width, with case, and without what nobody sees."""
    return without_unseen(unicodedata.normalize("NFKC", line))


def _fold(line: str) -> str:
    """Without marks and case, and Arabic's letters as they are compared."""
    if line.isascii():
        return line.casefold()
    plain = unicodedata.normalize("NFKD", line.casefold())
    plain = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf"))
    return plain.translate(_ARABIC)


_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ٱ": "ا", "ـ": "", "ی": "ي", "ک": "ك"})
