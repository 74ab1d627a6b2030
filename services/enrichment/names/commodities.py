"""Goods that are traded by grade and not by maker, by their names in English, Spanish, French and Arabic."""

from __future__ import annotations

import re
from functools import cache

from services.enrichment.names.arabic_words import spaced
from services.enrichment.names.lists import words

#: one good a line: its names in English, Spanish, French, Arabic; of each language the first is what it is called
_GOODS = """
crude oil, crude, Brent, WTI | petróleo, crudo | pétrole, pétrole brut | النفط, النفط الخام, خام برنت, برنت
natural gas | gas natural | gaz naturel | الغاز الطبيعي
LNG, liquefied natural gas | GNL, gas natural licuado | GNL | الغاز الطبيعي المسال
gasoline, petrol | gasolina | | البنزين
diesel, gas oil, gasoil | diésel, gasóleo | gazole | الديزل
heating oil, fuel oil | | fioul | زيت الوقود
jet fuel, kerosene | queroseno | kérosène | وقود الطائرات
naphtha | nafta | | النافثا
coal | carbón | charbon | الفحم
uranium | uranio | | اليورانيوم
gold, bullion | oro | | الذهب
silver | plata | | الفضة
platinum | platino | platine | البلاتين
palladium | paladio | | البلاديوم
copper | cobre | cuivre | النحاس
aluminium, aluminum | aluminio | | الألومنيوم, الألمنيوم
zinc | | | الزنك
nickel | níquel | | النيكل
tin | estaño | étain | القصدير
lead and zinc, zinc and lead | plomo | | الرصاص
lithium | litio | | الليثيوم
cobalt | cobalto | | الكوبالت
iron ore | mineral de hierro | minerai de fer | خام الحديد
steel | acero | acier | الصلب
wheat | trigo | blé | القمح
corn, maize | maíz | maïs | الذرة
barley | cebada | orge | الشعير
rice | arroz | riz | الأرز
sorghum | sorgo | | الذرة الرفيعة
soybeans, soybean, soya | soja | | فول الصويا
rapeseed, canola | | colza |
grain, grains | cereales | céréales | الحبوب
coffee, arabica, robusta | café | | البن
cocoa | | cacao | الكاكاو
sugar | azúcar | sucre | السكر
cotton | algodón | coton | القطن
rubber | caucho | caoutchouc | المطاط
palm oil | aceite de palma | huile de palme | زيت النخيل
soyoil, soybean oil | | |
tea | | | الشاي
orange juice | | |
cattle, live cattle | ganado | bétail | الماشية
hogs | | |
lumber, timber | madera | | الأخشاب
wool | lana | | الصوف
fertilizer, fertiliser, urea, phosphate, potash | fertilizantes | engrais | الأسمدة, اليوريا, الفوسفات
"""
#: words of a market: what is named without one of them is no good that is traded (a gold medal, a cup of tea)
_MARKET = words(
    """
    price prices futures tonnes tons barrel barrels ounce ounces bushels bags exports export imports import crop crops
    harvest output production market markets traders mine mines mining refinery refineries refiners supply supplies
    demand producers growers shipments reserves stocks quota quotas commodity commodities OPEC bpd drilling cargo cargoes tanker
    smelter ore metals metal contracts ginnings acres planting exporters importers
    precio precios toneladas barriles mercado mercados producción exportaciones cosecha
    prix barils marché récolte exportations
    أسعار سعر الأسعار برميل براميل طن أطنان أوقية الأوقية صادرات الصادرات واردات إنتاج الإنتاج السوق الأسواق سوق محصول المحاصيل
    أوبك العقود المعروض الطلب إمدادات الإمدادات المعادن مصفاة مصافي للبرميل للأوقية للطن حقل حقول منجم مناجم المعدن
    """
)
_MARKET |= frozenset(map(str.capitalize, _MARKET))
#: words beside which gold and silver are what athletes win
_GAMES = words(
    "medal medals medallist medalist Olympic Olympics medalla médaille "
    "ميدالية الميدالية ميداليات ذهبية الذهبية بالميدالية والميدالية"
)
_OF_MEDALS = frozenset(("gold", "silver", "oro", "plata", "الذهب", "الفضة"))
_WORDS = re.compile(r"[^\W\d_]+")
_SIGNS = str.maketrans(dict.fromkeys(".,;:!?()[]\"'/-<>", " "))
#: what Arabic writes in one with an article
_BEFORE_ARTICLE = ("و", "ب", "ف", "ك")


def commodities_in(text: str, listed: list[str]) -> list[tuple[str, str]]:
    """The goods of a text in which a market is spoken of, in its language, each with its words; those named most often first.

    `listed` are the text's words, as `words_of` gives them.
    """
    present = set(listed)
    names = _names()
    if present.isdisjoint(_MARKET) or present.isdisjoint(names):
        return []
    counted: dict[str, tuple[int, str]] = {}
    is_of_games = not present.isdisjoint(_GAMES)
    for first in present & names.keys():
        for alias, good in names[first]:
            if (alias == first or alias in text) and not (is_of_games and good in _OF_MEDALS):
                count = listed.count(first) + counted.get(good, (0, ""))[0]
                counted[good] = (count, max(alias, counted.get(good, (0, ""))[1], key=len))
                break
    return [(good, alias) for good, (_, alias) in sorted(counted.items(), key=lambda one: (-one[1][0], one[0]))]


def words_of(text: str) -> list[str]:
    """The words of a text, in its order, with or without its signs."""
    return (text.translate(_SIGNS) if text.isascii() else spaced(text)).split()


@cache
def _names() -> dict[str, tuple[tuple[str, str], ...]]:
    """By their first word: all names, the longest first, each with what the good is called in that language."""
    by_first: dict[str, list[tuple[str, str]]] = {}
    known: set[str] = set()
    for line in _GOODS.strip().splitlines():
        for names in line.split("|"):
            aliases = [alias.strip() for alias in names.split(",") if alias.strip()]
            for spelling, good in ((spelling, aliases[0]) for alias in aliases for spelling in _spellings(alias)):
                if spelling not in known:
                    known.add(spelling)
                    by_first.setdefault(_WORDS.findall(spelling)[0], []).append((spelling, good))
    return {first: tuple(sorted(found, key=lambda one: -len(one[0]))) for first, found in by_first.items()}


def _spellings(alias: str) -> list[str]:
    """A name as it stands in texts: in Arabic with what is written in one with it."""
    if "\u0600" <= alias[0] <= "\u06ff":
        if alias.startswith("ال"):
            return [alias, *(f"{prefix}{alias}" for prefix in _BEFORE_ARTICLE), f"لل{alias[2:]}"]
        return [alias, *(f"{prefix}{alias}" for prefix in ("و", "ل", "ب"))]
    return [alias]
