"""What an engine gets wrong is not published. The failures are made up from translations that are right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from services.translation.gates import faults_of
from services.translation.gates.names import faults as faults_of_names
from services.translation.glossary.terms import Term

#: source, a good translation, and how the latter says the name that the former has
GOOD = (
    ("Minister Hassan Qudsi told reporters in Amman on Monday that talks on the border would go on for 12 days.",
     "قال الوزير حسن قدسي للصحفيين في عمان يوم الاثنين إن المحادثات بشأن الحدود ستستمر 12 يوماً.", "قدسي"),
    ("Shares of Petrovanta fell 3.5 percent after the company said it would close 4 of its refineries.",
     "تراجعت أسهم بتروفانتا 3.5 في المئة بعدما أعلنت الشركة أنها ستغلق 4 من مصافيها.", "بتروفانتا"),
    ('"We have waited for 27 years, and we will not wait longer," President Marwan Zeidler said in Vienna.',
     '"انتظرنا 27 عاماً ولن ننتظر أكثر"، هذا ما قاله الرئيس مروان زيدلر في فيينا.', "زيدلر"),
    ("The earthquake killed 148 people and destroyed thousands of houses near Kermanabad, officials said.",
     "أودى الزلزال بحياة 148 شخصاً ودمر آلاف المنازل قرب كرماناباد، بحسب مسؤولين.", "كرماناباد"),
    ("Striker Luka Brandovic scored twice in the 63rd and 88th minutes to give his side a place in the final.",
     "سجل المهاجم لوكا براندوفيتش هدفين في الدقيقتين 63 و88 ليمنح فريقه مقعداً في النهائي.", "براندوفيتش"),
    ("Prices of wheat rose to 412 dollars a tonne, the highest since 2008, traders in Chicago said on Friday.",
     "ارتفعت أسعار القمح إلى 412 دولاراً للطن، وهو الأعلى منذ 2008، بحسب متعاملين في شيكاغو يوم الجمعة.", "شيكاغو"),
)  # fmt: skip


def untranslated(source: str, good: str, _: str) -> str:
    return source


def english_in_the_middle(source: str, good: str, _: str) -> str:
    half = len(good.split()) // 2
    return " ".join([*good.split()[:half], *source.split()[len(source.split()) // 2 :]])


def cut_short(source: str, good: str, _: str) -> str:
    return " ".join(good.split()[: len(good.split()) // 2])


def cut_short_with_a_full_stop(source: str, good: str, _: str) -> str:
    return " ".join(good.split()[: len(good.split()) // 3]) + "."


def another_number(source: str, good: str, _: str) -> str:
    return re.sub(r"\d+", lambda figure: str(int(figure[0]) + 31), good, count=1)


def no_number(source: str, good: str, _: str) -> str:
    return re.sub(r"\d[\d.]*", "", good)


def no_name(source: str, good: str, name: str) -> str:
    return good.replace(name, "")


def another_name(source: str, good: str, name: str) -> str:
    return good.replace(name, "منصوري")


def a_word_again_and_again(source: str, good: str, _: str) -> str:
    return " ".join(word for word in good.split() for _ in range(5 if word == good.split()[2] else 1))


def said_twice(source: str, good: str, _: str) -> str:
    return f"{good} {good}"


def a_loop(source: str, good: str, _: str) -> str:
    return " ".join(good.split()[:3] * 5) + "."


def cyrillic(source: str, good: str, _: str) -> str:
    return "Министр сообщил журналистам, что переговоры о границе продлятся ещё несколько дней."


def persian(source: str, good: str, _: str) -> str:
    return good.replace("ي", "ی").replace("ك", "ک").replace("ب", "پ")


def an_excuse(source: str, good: str, _: str) -> str:
    return "عذراً، لا أستطيع ترجمة هذا النص."


def nothing(source: str, good: str, _: str) -> str:
    return "  "


def only_signs(source: str, good: str, _: str) -> str:
    return "… 12 !"


FAILURES = (
    untranslated, english_in_the_middle, cut_short, cut_short_with_a_full_stop, another_number, no_number, no_name,
    another_name, a_word_again_and_again, said_twice, a_loop, cyrillic, persian, an_excuse, nothing, only_signs,
)  # fmt: skip


def gates(source: str, target: str, **terms: str) -> list[str]:
    found = [Term(name, (said,)) for name, said in terms.items()]
    return [fault.gate for fault in faults_of(source, target, source_language="en", target_language="ar", terms=found)]


def made_up() -> Iterator[tuple[Callable[[str, str, str], str], tuple[str, str, str]]]:
    return ((fail, pair) for fail in FAILURES for pair in GOOD)


@pytest.mark.parametrize("pair", GOOD, ids=lambda pair: pair[2])
def test_a_good_translation_passes(pair: tuple[str, str, str]) -> None:
    assert gates(*pair[:2]) == []


@pytest.mark.parametrize(("fail", "pair"), list(made_up()), ids=lambda one: getattr(one, "__name__", None) or one[2])
def test_what_an_engine_got_wrong_is_held(fail: Callable[[str, str, str], str], pair: tuple[str, str, str]) -> None:
    assert gates(pair[0], fail(*pair)) != []


def test_there_are_failures_enough_to_be_worth_the_name() -> None:
    assert len(list(made_up())) >= 40


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ('He <em id="1">said</em> so to them.', "قال لهم ذلك."),
        ('He <em id="1">said</em> so to them.', '<em id="1">قال لهم ذلك.'),
        ('He <em id="1">said</em> so to them.', 'قال <em id="1">لهم</em> ذلك <em id="1">مرتين</em>.'),
        ('<b id="1">He <em id="2">said</em></b> so.', '<b id="1">قال <em id="2">ذلك</b></em>.'),
        ('He <em id="1">said</em> so to them.', '<strong id="1">قال</strong> لهم ذلك.'),
        ('See <a id="1">this</a> and that.', 'انظر <a id="7">هذا</a> وذاك.'),
    ],
)
def test_broken_mark_up_is_held(source: str, target: str) -> None:
    assert "mark-up" in gates(source, target)


def test_a_term_must_be_said_as_the_glossary_has_it_with_whatever_is_written_before_it() -> None:
    source = "The Council met in secret."
    assert gates(source, "اجتمع المجلس سراً.", Council="مجلس") == []
    assert gates(source, "اجتمعت الهيئة سراً.", Council="مجلس") == ["terms"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The meeting starts at 9:30 pm.", "يبدأ الاجتماع الساعة 21:30."),
        ("Prices in the 1990s were low.", "كانت الأسعار في التسعينيات منخفضة."),
        ("Three ministers left 2 cities.", "غادر 3 وزراء مدينتين."),
        ("He bought 7 houses.", "اشترى سبعة منازل."),
        ("They won 1,200 medals.", "فازوا بـ١٬٢٠٠ ميدالية."),
        ("He came in 5th place.", "حل في المركز الخامس."),
        ("Two-dozen people came to see.", "حضر 24 شخصاً للمشاهدة."),
    ],
)
def test_numbers_may_be_said_in_another_way(source: str, target: str) -> None:
    assert gates(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "gate"),
    [
        ("They met in June in Amman.", "اجتمعوا في يونيو في عمان.", []),
        ("They met in June in Amman.", "اجتمعوا في حزيران في عمان.", []),
        ("They met in June in Amman.", "اجتمعوا في يوليو في عمان.", ["dates"]),
        ("They left on Monday.", "غادروا يوم الاثنين.", []),
        ("They left on Monday.", "غادروا يوم الثلاثاء.", ["dates"]),
        ("They may march today.", "قد يسيرون اليوم.", []),
        ("It was on May 5.", "كان ذلك في 5 أبريل.", ["dates"]),
    ],
)
def test_a_month_and_a_day_of_the_week_are_the_sources(source: str, target: str, gate: list[str]) -> None:
    assert gates(source, target) == gate


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Netanyahu", "نتنياهو"), ("Schroeder", "شرودر"), ("Erdogan", "أردوغان"), ("Zelensky", "زيلينسكي"),
        ("Giscard", "جيسكار"), ("Khamenei", "خامنئي"), ("Mitterrand", "ميتران"), ("Bouteflika", "وبوتفليقة"),
        ("Jaromir", "ياروميز"), ("Wojtyla", "فويتيلا"),
    ],
)  # fmt: skip
def test_a_name_is_known_by_its_sound(name: str, said: str) -> None:
    assert faults_of_names(f"Then {name} came.", f"ثم جاء {said}.", known=[], source_language="en") == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The company closed all of its shops in the city.", "La empresa cerró todas sus tiendas en la ciudad."),
        ("Mark Lindqvist left on 5 May with 3 others.", "Mark Lindqvist salió el 5 de mayo con otras 3 personas."),
    ],
)
def test_other_languages_have_gates_too(source: str, target: str) -> None:
    assert faults_of(source, target, source_language="en", target_language="es") == []


def test_what_is_left_in_a_language_of_the_same_script_is_held() -> None:
    source = "The company closed all of its shops in the city because nobody came."
    faults = faults_of(source, source, source_language="en", target_language="es")
    assert [fault.gate for fault in faults] == ["untranslated"]
