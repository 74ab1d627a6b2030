"""Quality gates: what a machine's translation must be like before readers see it. One file for each kind of fault.

A gate never says that a text is good; it finds what cannot be. What fails waits for a person, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.translation.gates import dates, names, numbers, wording
from services.translation.gates.fault import Fault
from services.translation.glossary.terms import Term, places, terms_in
from services.translation.text.segments import tags_of, words_of

__all__ = ["Fault", "faults_of"]


def faults_of(source: str, target: str, *, source_language: str, target_language: str, terms: Sequence[Term] = ()) -> list[Fault]:
    """What is wrong with a segment's translation, gate by gate; nothing: it may be published.

    Both texts are HTML with numbered elements, the languages are tags (BCP 47). Those of `terms` that occur in the source must be
    translated as they are approved.
    """
    ours, theirs = words_of(source), words_of(target)
    if not theirs.strip():
        return [Fault("empty", "there is no text")]
    used = terms_in(ours, terms)
    own = wording.faults(ours, theirs, source_language, target_language)
    own += dates.faults(ours, theirs, source_language, target_language)
    own += numbers.faults(ours, theirs, source_language, target_language)
    known = [] if target_language == source_language else terms_in(ours, places(source_language, target_language))
    own += names.faults(ours, theirs, known=[*used, *known], source_language=source_language)
    own += [
        Fault("terms", f"“{term.source}” is “{term.targets[0]}” in the glossary") for term in used if not term.is_kept_in(theirs)
    ]
    if sorted(tags_of(source)) != sorted(tags_of(target)) or not _is_balanced(tags_of(target)):
        own.append(Fault("mark-up", "the elements are not those of the source"))
    return own


def _is_balanced(tags: Sequence[str]) -> bool:
    """Does every element close, and close inside the one that it was opened in?"""
    open_names: list[str] = []
    for tag in tags:
        name = tag.strip("</>").partition(" ")[0]
        if name == "img":
            continue
        if not tag.startswith("</"):
            open_names.append(name)
        elif not open_names or open_names.pop() != name:
            return False
    return not open_names
