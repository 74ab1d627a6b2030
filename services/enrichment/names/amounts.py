"""Amounts as a text has them: money, shares in a hundred, quantities."""

from __future__ import annotations

import re

_NUMBER = r"\d\d{0,14}+(?:[.,٫٬]\d{1,9}){0,6}(?:[-/]\d{1,3}(?:/\d{1,3})?)?(?![\d])"
_MAGNITUDE = (
    r"mln|million|bln|billion|bn|mn|trillion|trln|thousand|millones|mil|millions?|milliards?|"
    "ألف|آلاف|مليون|ملايين|مليونا|مليونًا|مليار|مليارات|مليارا|مليارًا|بليون|تريليون"
)
_MONEY = (
    r"(?:U\.S\.|US|Canadian|Australian|Hong Kong|Singapore) (?:dlrs?|dollars?|cts|cents)|"
    "dlrs?|dollars?|euros?|stg|sterling|pounds|yen|marks|francs|yuan|rupees|riyals?|dirhams?|dinars?|roubles?|rubles?|"
    "pesos|reais|crowns|lire|guilders|cts|cents|pence|"
    "USD|EUR|GBP|SAR|AED|KWD|dólares|"
    "دولار|دولارات|دولارا|دولارًا|دولاراً|يورو|ريال|ريالا|ريالات|درهم|دراهم|دينار|دنانير|جنيه|جنيهات|ليرة|ين|يوان|روبل|سنتا|سنت"
)
_SHARE = r"%|٪|pct|percent|per cent|por ciento|pour cent|في المئة|في المائة|بالمئة|بالمائة"
_QUANTITY = (
    r"(?:barrels|bbls?)(?: a day| per day| daily)?|bpd|tonnes|tons|metric tons|ounces|bushels|bags|gallons|litres|liters|"
    "kilometres|kilometers|miles|hectares|acres|kilograms|megawatts|gigawatts|MW|GW|cubic (?:feet|metres|meters)|"
    "toneladas|barriles|برميل(?: يوميا| يومياً| يوميًا| في اليوم)?|"
    "براميل|طن|أطنان|أوقية|أونصة|كيلومترا?|كيلومتر مربع|هكتار|ميغاوات|متر مكعب"
)
#: a number with what it counts, or with its magnitude; whether a currency stands in front is looked up behind it
_AMOUNT = re.compile(
    rf"{_NUMBER}(?:[ -](?:{_MAGNITUDE})(?!\w)|(?:mln|bn|m|k)(?!\w))?"
    rf"(?P<unit> ?(?:{_SHARE})(?!\w)|[ -](?:{_MONEY}|{_QUANTITY})(?!\w))?"
)
_CURRENCY_IN_FRONT = re.compile(r"(?:(?:US|A|C|HK|S|NZ)?[$€£¥₹]|(?:USD|EUR|GBP|SAR|AED|KWD|JPY|Rs\.?|CHF) ?)\Z")
_LONGEST_CURRENCY = 4


def amounts_in(text: str, most: int) -> list[str]:
    """The first amounts of a text, in its order, as it has them, each once."""
    found: dict[str, None] = {}
    for match in _AMOUNT.finditer(text):
        start, end = match.span()
        before = text[max(0, start - _LONGEST_CURRENCY) : start]
        currency = _CURRENCY_IN_FRONT.search(before) if before and not before[-1].isdigit() and before[-1] not in ".,/-" else None
        if match["unit"] or currency:
            found[text[start - len(currency[0]) if currency else start : end]] = None
            if len(found) == most:
                break
    return list(found)
