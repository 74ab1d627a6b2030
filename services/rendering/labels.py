"""The usual labels of news in an edition's language, whichever language they came in: `BREAKING` and `عاجل` are one."""

from __future__ import annotations

import re
from functools import cache

_USUAL = {
    "en": (
        "Breaking", "Update", "Correction", "Exclusive", "Analysis", "Press release", "Report", "Opinion", "Interview", "Live",
        "Feature", "Explainer",
    ),
    "ar": (
        "عاجل", "تحديث", "تصحيح", "حصري", "تحليل", "بيان صحفي", "تقرير", "مقال رأي", "مقابلة", "تغطية مباشرة", "تحقيق", "شرح",
    ),
    "es": (
        "Última hora", "Actualización", "Corrección", "Exclusiva", "Análisis", "Nota de prensa", "Informe", "Opinión",
        "Entrevista", "En directo", "Reportaje", "Claves",
    ),
    "fr": (
        "Urgent", "Mise à jour", "Rectificatif", "Exclusif", "Analyse", "Communiqué", "Rapport", "Opinion", "Entretien",
        "En direct", "Reportage", "Décryptage",
    ),
}  # fmt: skip
#: `UPDATE 3`
_NUMBERED = re.compile(r"^(.{1,40}?)(?: (\d{1,3}))?$")


def label_name(label: str, edition: str) -> str:
    """A label as an edition says it; as it came where it is none of the usual ones, or the edition's language has no word."""
    parts = _NUMBERED.match(label)
    ours = _USUAL.get(edition.split("-")[0])
    place = _places().get(parts[1].casefold()) if parts else None
    if parts is None or ours is None or place is None:
        return label
    if ours[place].casefold() == parts[1].casefold():  # in the sender's own letters
        return label
    return f"{ours[place]} {parts[2]}" if parts[2] else ours[place]


@cache
def _places() -> dict[str, int]:
    return {name.casefold(): place for names in reversed(_USUAL.values()) for place, name in enumerate(names)}
