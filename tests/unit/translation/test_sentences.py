"""Each sentence has the first answer that passes the gates: from memory, then from one engine after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from services.translation import sentences as module
from services.translation.engines.protocol import EngineError
from services.translation.glossary.terms import Term
from services.translation.sentences import Languages, Translated, translate_sentences
from services.translation.targets import Target

MET, PRICE, LATER = "They met in Riyadh.", "The price rose by 5 percent.", "They will meet again."
BOOK = {MET: "التقوا في الرياض.", PRICE: "ارتفع السعر 5 في المئة.", LATER: "سيلتقون مرة أخرى."}
LANGUAGES = Languages(source="en", target="ar")


@dataclass
class Engine:
    """Knows a book of phrases; after `patience` questions it is silent."""

    name: str = "first"
    book: Mapping[str, str] = field(default_factory=lambda: BOOK)
    patience: int = 100
    asked: list[list[str]] = field(default_factory=list)
    terms: list[list[str]] = field(default_factory=list)

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        if len(self.asked) >= self.patience:
            raise EngineError("it is tired")
        self.asked.append(list(texts))
        self.terms.append([term.source for term in terms])
        return [self.book[text] for text in texts]


def silent(name: str = "silent") -> Engine:
    return Engine(name, patience=0)


def translate(
    *sentences: str,
    engines: Sequence[Engine] = (),
    remembered: Mapping[str, Target] | None = None,
    terms: Sequence[Term] = (),
    set_in_type: Callable[[str], str] = str,
) -> Translated:
    languages = Languages(source="en", target="ar", set_in_type=set_in_type)
    return translate_sentences(sentences, remembered=remembered or {}, engines=engines, terms=terms, languages=languages)


def known(text: str, origin: str) -> Target:
    return Target(text=text, origin=origin, by="Layla", is_remembered=True)  # type: ignore[arg-type]


def texts(translated: Translated) -> dict[str, str]:
    return {sentence: target.text for sentence, target in translated.targets.items()}


def gates(target: Target) -> list[str]:
    return [fault.gate for fault in target.faults]


def test_what_an_engine_answers_is_its_own() -> None:
    translated = translate(MET, PRICE, engines=[Engine()])
    assert translated.targets[MET] == Target(text=BOOK[MET], origin="machine", by="first")
    assert translated.silences == []


def test_a_sentence_that_comes_twice_is_asked_for_once() -> None:
    engine = Engine()
    translate(MET, PRICE, MET, engines=[engine])
    assert engine.asked == [[MET, PRICE]]


@pytest.mark.parametrize(
    ("remembered", "asked"),
    [
        pytest.param(known("التقوا.", "human"), False, id="a person's"),
        pytest.param(known("7 لقاءات", "human"), False, id="a person's, whatever gates say"),
        pytest.param(known("التقوا في الرياض.", "machine"), False, id="a machine's that passes"),
        pytest.param(known("التقوا 7 مرات في الرياض.", "machine"), True, id="a machine's that gates hold"),
        pytest.param(None, True, id="nothing"),
    ],
)
def test_what_is_remembered_need_not_be_asked(remembered: Target | None, asked: bool) -> None:
    engine = Engine()
    translated = translate(MET, remembered={MET: remembered} if remembered else {}, engines=[engine])
    assert bool(engine.asked) == asked
    assert asked or translated.targets[MET] is remembered


@pytest.mark.parametrize("figures", ["82.5", "1,200", '<b id="1">7</b>', "—"])
def test_figures_are_asked_of_nobody_and_are_set_as_the_edition_sets_them(figures: str) -> None:
    engine = Engine()
    translated = translate(figures, engines=[engine], set_in_type=lambda text: f"[{text}]")
    assert texts(translated) == {figures: f"[{figures}]"}
    assert engine.asked == []
    assert translated.targets[figures].origin == "human"


def test_the_next_engine_is_asked_for_what_the_first_got_wrong_or_did_not_say() -> None:
    first, second = Engine("first", {**BOOK, PRICE: "ارتفع السعر 6 في المئة."}), Engine("second")
    translated = translate(MET, PRICE, engines=[first, second])
    assert second.asked == [[PRICE]]
    assert [target.by for target in (translated.targets[MET], translated.targets[PRICE])] == ["first", "second"]
    translated = translate(MET, engines=[silent("a"), silent("b"), Engine("c")])
    assert (translated.targets[MET].by, translated.silences) == ("c", ["a: it is tired", "b: it is tired"])


def test_an_engine_of_which_nothing_is_wanted_is_not_asked() -> None:
    second = silent()
    assert translate(MET, engines=[Engine(), second]).silences == []


def test_what_no_engine_gets_right_is_the_first_ones_with_its_faults() -> None:
    wrong = [Engine(str(figure), {PRICE: f"ارتفع السعر {figure} في المئة."}) for figure in (6, 7)]
    target = translate(PRICE, engines=wrong).targets[PRICE]
    assert (target.by, gates(target)) == ("6", ["numbers", "numbers"])


def test_a_sentence_that_nobody_could_be_asked_for_is_missing() -> None:
    assert translate(MET, engines=[silent()]) == ({}, ["silent: it is tired"])
    assert translate(MET) == ({}, [])


def test_of_a_long_text_what_was_answered_stands_where_the_engine_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_TEXTS", 2)
    engine = Engine(patience=1)
    translated = translate(MET, PRICE, LATER, engines=[engine])
    assert [*translated.targets] == [MET, PRICE]
    assert translated.silences == ["first: it is tired"]


@pytest.mark.parametrize(
    ("lengths", "sizes"),
    [
        pytest.param([10] * 41, [40, 1], id="forty sentences"),
        pytest.param([9_000, 9_000, 9_000], [2, 1], id="twenty thousand characters"),
        pytest.param([10, 30_000, 10], [1, 1, 1], id="one that is too long alone"),
        pytest.param([30_000], [1], id="and is the first"),
    ],
)
def test_a_question_is_no_longer_than_engines_take(lengths: list[int], sizes: list[int]) -> None:
    sentences = [str(number).rjust(length, "x") for number, length in enumerate(lengths)]
    batches = module._batches(sentences)
    assert [len(batch) for batch in batches] == sizes
    assert [sentence for batch in batches for sentence in batch] == sentences


def test_what_must_stay_as_it_is_never_reaches_the_engine() -> None:
    engine = Engine(book={'They met at <img id="1">.': 'التقوا في <img id="1">.'})
    sentence = "They met at https://x.example/."
    assert texts(translate(sentence, engines=[engine])) == {sentence: "التقوا في https://x.example/."}


def test_what_an_engine_loses_of_it_is_a_fault() -> None:
    engine = Engine(book={'They met at <img id="1">.': "التقوا في مكان."})
    target = translate("They met at https://x.example/.", engines=[engine]).targets["They met at https://x.example/."]
    assert ("kept", "https://x.example/ is missing") in [(fault.gate, fault.reason) for fault in target.faults]


TERM = Term("output", ("إنتاج",))


def test_an_engine_is_given_the_terms_that_occur_and_is_asked_again_where_it_did_not_use_them() -> None:
    engine = Engine(
        book={"Rates of output fell.": "انخفضت المعدلات كلها.", 'Rates of <img id="1"> fell.': 'انخفضت معدلات <img id="1">.'}
    )
    translated = translate("Rates of output fell.", engines=[engine], terms=[TERM, Term("crude", ("خام",))])
    assert texts(translated) == {"Rates of output fell.": "انخفضت معدلات إنتاج."}
    assert engine.terms == [["output"], ["output"]]


def test_where_it_is_silent_then_its_first_answer_stands_with_its_faults() -> None:
    engine = Engine(book={"Rates of output fell.": "انخفضت المعدلات كلها."}, patience=1)
    translated = translate("Rates of output fell.", engines=[engine], terms=[TERM])
    assert gates(translated.targets["Rates of output fell."]) == ["terms"]
    assert translated.silences == []


def test_all_that_an_engine_answers_in_another_language_is_held() -> None:
    farsi = {
        MET: "آنها در ریاض با یکدیگر دیدار کردند و گفت‌وگو کردند.",
        LATER: "آنها بار دیگر با یکدیگر دیدار خواهند کرد و خواهند گفت.",
    }
    targets = translate(MET, LATER, engines=[Engine(book=farsi)]).targets
    assert all("language" in gates(target) for target in targets.values())
