"""Tickers: what a share is traded as, beside its company's name: `<AIPN.O>`, `(NASDAQ: AAPL)`, `(2222.SR)`, `تداول: 2222`."""

from __future__ import annotations

import re

_EXCHANGES = (
    "NYSE(?: American| Arca)?|NASDAQ(?:GS|GM|CM)?|Nasdaq|AMEX|LSE|AIM|TSX(?:-?V)?|ASX|HKEX|SEHK|TYO|TSE|NSE|BSE|SGX|KRX|"
    "JSE|BME|BMV|Euronext(?: Paris| Amsterdam| Brussels)?|XETRA|FWB|SIX|OTC(?:QB|QX)?|Tadawul|TADAWUL|ADX|DFM|QSE|EGX|MSX|BHB|"
    "تداول|السوق السعودية|أبوظبي|دبي"
)
#: in brackets, straight behind a name
_BRACKETED = re.compile(
    rf"[<(](?:([A-Z]{{1,5}}(?:\.[A-Z]{{1,2}})?)>|(?:{_EXCHANGES}) ?: ?([A-Z0-9]{{1,8}}(?:\.[A-Z]{{1,2}})?)\)|"
    r"(\d{4}\.SR|[A-Z0-9]{1,5}\.(?:[A-Z]|SR|DU|AD|QA|CA|KW|OM|BH|HK|TO|AX|DE|PA|AS|MI|MC|SI|KS|NS|BO|SS|SZ))\))"
)
_MOST = 20


def tickers_in(text: str) -> dict[int, str]:
    """Each ticker by where its bracket opens, as many as an item can use."""
    if "<" not in text and "(" not in text:
        return {}
    found: dict[int, str] = {}
    for match in _BRACKETED.finditer(text):
        found[match.start()] = match[1] or match[2] or match[3]
        if len(found) == _MOST:
            break
    return found
