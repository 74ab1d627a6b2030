"""What kind of news an item is, where its sender does not say it and its wording does: `UPDATE 2-…`, `عاجل:`, `/PRNewswire/`."""

from __future__ import annotations

import re

from shared.contracts.finding import Finding

#: what stands in front of a headline, by the label that it is; each with a colon, dash, bar or bracket behind it
_WORDINGS = {
    "BREAKING": "breaking(?: news)?|urgent|flash|عاجل|urgente|última hora|dernière minute",
    "UPDATE": "updated?|refiled?|تحديث|actualización|mise à jour",
    "CORRECTION": "correct(?:ed|ion)|تصحيح|corrección|rectificatif|correction",
    "EXCLUSIVE": "exclusive|حصري|خاص|exclusiva|exclusivo|exclusif",
    "ANALYSIS": "(?:news )?analysis|explainer|تحليل|análisis|analyse",
    "PRESS RELEASE": "press release|بيان صحفي|nota de prensa|comunicado de prensa|communiqué(?: de presse)?",
}
_OPENING = re.compile(
    r"^[*#\[(]{0,3} ?(?:"
    + "|".join(f"(?P<l{n}>{wording})" for n, wording in enumerate(_WORDINGS.values()))
    + r")(?: {0,2}(?:no\. ?)?(?P<number>[1-9]\d?))?\s{0,3}[*#\])]{0,3}\s{0,3}(?:[:|\]）)*-]|[–—](?=\s))",
    re.IGNORECASE,
)
#: who distributes what companies and authorities write themselves, as it stands in front of their texts
_DISTRIBUTORS = re.compile(
    r"/?\b(PR ?Newswire|(?i:Business ?Wire)|GLOBE ?NEWSWIRE|ACCESS ?Newswire|EIN Presswire|Newsfile Corp\.?|CNW|EQS-News|ots)\b"
    r" ?(?=/|\)|--| -)",
)
#: that far into a text its distributor stands
_OPENS_WITHIN = 200


def labels_of(headline: str, text: str) -> tuple[Finding, ...]:
    """What an item's wording says that it is, at most two; the numbered ones with their number: `UPDATE 2`."""
    found: list[Finding] = []
    if opening := _OPENING.match(headline.strip()[:_OPENS_WITHIN]):
        place = next(name for name in opening.groupdict() if name != "number" and opening[name])
        label = list(_WORDINGS)[int(place[1:])]
        number = f" {opening['number']}" if opening["number"] and label == "UPDATE" else ""
        found.append(Finding(label + number, "headline", evidence=(opening[0].strip(),)))
    if (distributor := _DISTRIBUTORS.search(text[:_OPENS_WITHIN])) and "PRESS RELEASE" not in (one.value for one in found):
        found.append(Finding("PRESS RELEASE", "text", evidence=(distributor[1],)))
    return tuple(found)
