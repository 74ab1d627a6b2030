"""What is said to the desk in words is never published, and news that has the same words always is.

Readers see headlines and first lines, so there the bar is high; a note to editors is for desks only, so there it is low.
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from services.ingest.acceptance import Candidate, read_items
from services.ingest.formats.words_for_the_desk import asks_for_embargo, asks_for_kill
from shared.contracts.item import Doubt, WireItem


def taken(members: dict[str, Any]) -> WireItem:
    item = {"uri": "urn:x:1", "headline": "Bank profit doubles", "body_text": "Profit doubled.", **members}
    (result,) = read_items(json.dumps(item).encode(), "application/json", most=10)
    assert isinstance(result, Candidate), result
    return result.item


KILLS = [
    "Bulletin kill", "BULLETIN KILL", "bulletin kill", "KILL ABC0012 BANK", "Kill ABC0012", "KILL BC-Bank-Profit",
    "Please kill BC-Bank-Profit, 1st Ld", "Kill, kill, kill: Bank profit", "KILL KILL KILL", "URGENT: Kill Bank story",
    "Kill Bank story",
    "Bulletin kill - Bank profit", "Mandatory withhold: bank profit", "Mandatory kill", "WITHDRAW: bank profit story",
    "Withdraw: bank profit story", "Kill notice", "Kill notice: bank", "Retraction - bank profit", "RETRACTION: bank profit",
    "STORY WITHDRAWN", "Story withdrawn", "This story has been withdrawn", "Story killed", "Story ABC0012 withdrawn",
    "The story has been withdrawn", "Correction: please withdraw",
    "Editors: kill story 0101", "Editors - kill the bank story", "Attention editors: please kill the bank story",
    "Note to editors: kill story",
    "KILL: Bank profit doubles", "MANDATORY KILL BANK PROFIT", "Mandatory kill and substitute", "URGENT - Kill story",
    "Kill: dpa 0101",
    "إلغاء خبر", "يرجى إلغاء الخبر", "إلغاء إلزامي", "سحب الخبر", "إلغاء الخبر: أرباح البنك", "تنبيه: يُلغى الخبر", "إلغاء برقية",
]  # fmt: skip
KILLS_IN_NOTES = [
    *KILLS,
    "KILL. Do not use", "Kill and substitute", "This story should be killed", "This story must be killed.",
    "Do not use this story",
    "DO NOT USE", "Do not publish.", "Adds quotes. Please kill.", "Eds: kill this.", "Wrong figure; KILL",
    "Story is being withdrawn",
    "Don't run the earlier story", "Item was retracted", "Please disregard previous version", "Withdrawn", "Retraction.",
    "Adds quotes\nKILL\nMore follows", "Mandatory withhold", "Kills previous version", "لا صحة له. يرجى سحب الخبر",
    "تم إلغاء الخبر",
]  # fmt: skip
EMBARGOES = [
    "NOT FOR PUBLICATION", "GDP rises -- EMBARGOED FOR 0600 GMT", "GDP rises (for release Friday 0600)", "UNDER EMBARGO - GDP",
    "Check against delivery - embargoed", "Embargo lifts at 1500 GMT: bank profit rises",
    "Bank profit rises (embargo until Friday 0600)",
    "EMBARGO UNTIL JUNE 5: bank profit", "Embargo until 6 a.m. Friday: bank profit", "Embargo till 15:00", "Embargo: 0700 GMT",
    "For publication on Friday", "For release Friday 0600", "Bank profit – under embargo", "Story is under embargo",
    "This copy must not be published before Friday.", "EMBARGO 06:00 bank profit", "EMBARGO UNTIL 0930: bank profit",
    "أرباح البنك (محظور حتى الجمعة)", "محظور حتى الجمعة: أرباح البنك", "الخبر تحت الحظر حتى الساعة ١٠",
    "لا للنشر قبل الساعة العاشرة",
    "مؤجل النشر حتى الغد", "ممنوع النشر قبل الساعة العاشرة", "تحت الحظر حتى يوم الجمعة",
]  # fmt: skip
EMBARGOES_IN_NOTES = [
    *EMBARGOES,
    "Editors: please note that this story is under embargo until 6 a.m. on Friday.", "Please respect embargo: 0600 GMT Friday",
    "Embargo applies.", "Adds quotes; UNDER EMBARGO", "Adds quotes. Embargoed.", "HOLD", "Hold", "Hold until cleared",
    "Legal hold",
    "HOLD - legal", "Adds quotes; hold", "Story on hold", "Please hold for lawyers", "Not for publication",
    "NOT FOR PUBLICATION.",
    "Not for release", "Adds quotes. Not for broadcast.", "Not to be published", "Nothing before Friday",
    "Note embargo on this story",
    "Do not use this story before Friday", "Sperrfrist beachten", "محظور حتى الجمعة", "محظور", "الخبر محظور", "تحت الحظر",
    "غير مخصص للنشر",
    "لا للنشر", "يؤجل النشر", "نرجو عدم النشر قبل الجمعة",
]  # fmt: skip
NEWS = [
    "Embargo until June on Russian oil agreed by EU", "Embargo till Christmas hits fishermen",
    "Embargo: EU ministers split over Russian gas", "Embargo until 2027 on Russian oil agreed",
    "Embargo may be lifted, says minister",
    "Embargo monitors say ships slip through", "Embargo: 10 nations join", "Embargo decision due", "Oil embargo ends at last",
    "EMBARGO UNTIL JUNE: ministers meet in Brussels to extend the oil embargo", "Embargo on Cuba: 60 years",
    "EU: embargo until June agreed",
    "Publication of the report delayed until Friday", "Hold on to your hats", "Hold the line, says coach",
    "For release of hostages, talks",
    "MANDATORY KILL switch law passed", "Mandatory kill switches in cars from June", "Mandatory kill of minks ends farming",
    "Editors kill story, row erupts at paper", "Editors kill jury system, says judge", "Kill: a new film opens",
    "Kill 2,000 deer, farmers say",
    "No release of hostages before Friday, Hamas says", "Do not use phones before bed, doctors say",
    "Never use antibiotics until tested",
    "Not before 2027, says Musk", "No broadcast of match until 10pm", "Kill No. 10 plan, MPs say",
    "Withdraw AM-radio plan, MPs say",
    "يرجى عدم استخدام الهاتف قبل النوم", "ممنوع استخدام الهاتف قبل الامتحان",
    "Storm kills ten", "Police kill two gunmen", "Kill Bill returns to cinemas", "KILLED: three in crash", "Kill or be killed",
    "Please withdraw 2,000 troops, PM begs", "Kill notice for bear issued by state", "Kill the bill protests spread",
    "Road kill numbers rise",
    "LICENSE TO KILL: BOND IS BACK", "ROAD KILL", "Report withdrawn after outcry", "The story was killed, says editor",
    "Kill Bill: the story of a film", "TO KILL A STORY", "Withdrawal from Iraq: a story of failure",
    "Withdraw troops, parliament says",
    "Retraction of troops ordered", "Urgent calls to kill wolves", "Legal hold on assets", "Bulletin kiosk closes",
    "Kill time before flights",
    "إلغاء: المحكمة تبطل الانتخابات", "إلغاء رحلات الطيران", "سحب تقرير أممي حول الحرب", "إلغاء مادة دستورية",
    "تحت حظر التجول: مدينة تنام مبكرا",
    "إلغاء فوري للرسوم الجمركية", "تحت الحظر: كيف يعيش الروس", "محظور حتى إشعار آخر: التدخين في المقاهي", "مؤجل حتى إشعار آخر",
    "للنشر في الصحف العربية تاريخ طويل", "حظر الأسلحة حتى 2025", "ممنوع التدخين",
]  # fmt: skip
NOTES_ABOUT_NEWS = [
    "Adds minister's quotes", "Adds details of arms embargo", "Recasts, adds police kill two gunmen",
    "Adds quotes on oil embargo, background",
    "Updates death toll after storm killed ten", "No embargo", "Not embargoed", "Embargo lifted",
    "Embargo was lifted. Story may run.",
    "The following information is not intended for publication", "Contact (not for publication): +49 30 285 231",
    "Israel to hold elections; recasts",
    "Adds that Iran will hold talks", "Household figures to follow", "Reporter's phone, not for publication: 0123 456 789",
    "For immediate release",
    "Not for use in Germany", "Not for broadcast in the UK", "Do not use the name of the victim",
    "Adds to story on three killed in crash",
    "Updates with lawmakers urged not to publish names", "Kill Bill review follows", "Photo follows", "Adds arms embargo on Iran",
    "يضيف تفاصيل", "يضيف حظر التجول", "يضيف إلغاء رحلات الطيران", "تحت حظر التجول",
]  # fmt: skip


WIDE = {ord(letter): ord(letter) - 0x20 + 0xFF00 for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}


@pytest.mark.parametrize("line", KILLS)
def test_a_kill_in_words_is_one_in_letters_of_any_width_and_with_what_nobody_sees(line: str) -> None:
    for spelled in (line.translate(WIDE), "\u00ad".join(line), "\u200b".join(line), "\u2060".join(line)):
        assert asks_for_kill(spelled)


@pytest.mark.parametrize("line", KILLS)
def test_a_kill_in_words_that_readers_would_see_is_held(line: str) -> None:
    for members in (
        {"headline": line},
        {"subheadline": line, "ednote": line},
        {"description_text": line},
        {"body_text": f"{line}\n\nText."},
    ):
        assert taken(members).doubt is Doubt.KILL_IN_WORDS
    assert asks_for_kill("Bank profit", slugline=line)


@pytest.mark.parametrize("line", KILLS_IN_NOTES)
def test_a_kill_in_a_note_to_editors_is_held(line: str) -> None:
    assert taken({"ednote": line}).doubt is Doubt.KILL_IN_WORDS


@pytest.mark.parametrize("line", EMBARGOES)
def test_an_embargo_in_words_that_readers_would_see_is_held(line: str) -> None:
    for members in ({"headline": line}, {"description_text": line}, {"body_text": f"{line}\n\nText."}):
        assert taken(members).doubt is Doubt.EMBARGO


@pytest.mark.parametrize("line", EMBARGOES_IN_NOTES)
def test_an_embargo_in_a_note_to_editors_is_held(line: str) -> None:
    assert taken({"ednote": line}).doubt is Doubt.EMBARGO


@pytest.mark.parametrize("line", NEWS)
def test_news_with_the_same_words_is_published(line: str) -> None:
    for members in ({"headline": line}, {"description_text": line}, {"body_text": f"{line}\n\nText."}):
        found = taken(members)
        assert (found.doubt, found.doubt_note) == (None, "")


@pytest.mark.parametrize("line", NOTES_ABOUT_NEWS)
def test_a_note_about_news_holds_nothing(line: str) -> None:
    found = taken({"ednote": line})
    assert (found.doubt, found.doubt_note) == (None, "")


@pytest.mark.parametrize(
    "name",
    ["ednote", "edNote", "ed_note", "editorialNote", "editorial_note", "editor_note", "editorNote", "editors_note",
     "note_to_editors",
     "noteToEditors", "notes_to_editors"],
)  # fmt: skip
def test_a_note_to_editors_is_one_by_any_name(name: str) -> None:
    found = taken({name: "Embargo applies."})
    assert (found.ednote, found.doubt, found.unplaced) == ("Embargo applies.", Doubt.EMBARGO, {})


def test_of_several_notes_to_editors_none_is_lost() -> None:
    found = taken({"ednote": "Adds quotes", "editorialNote": "", "note_to_editors": "Kill and substitute"})
    assert (found.ednote, found.doubt) == ("Adds quotes\nKill and substitute", Doubt.KILL_IN_WORDS)


def test_a_kill_in_words_stands_before_other_doubts() -> None:
    mail = "From: A <a@x.example>\nSubject: Kill notice\nMIME-Version: 1.0\nContent-Type: application/pdf; name=a.pdf\n\nx"
    (result,) = read_items(mail.encode(), "message/rfc822", most=10)
    assert isinstance(result, Candidate)
    assert result.item.doubt is Doubt.KILL_IN_WORDS


@pytest.mark.parametrize(
    "piece",
    ["a", "kill ", "kill, ", "please kill ", "editors ", "editors: ", "attention ", "story ", "story is ",
     "not for publication ", "embargo ",
     "embargo until ", "(embargo ", "hold ", "; hold ", "not ", "to ", "a b ", "1 ", "0", "- ", "\n", "please\n", "الخبر ",
     "محظور ", "الغاء ",
     "do not use ", "not to be ", "this story must be ", "for release ", "urgent ", "the ", "KILL ", "A ", "MANDATORY "],
)  # fmt: skip
def test_the_longest_note_is_read_in_moments_whatever_it_repeats(piece: str) -> None:
    hostile = "publish kill " + piece * (200_000 // len(piece))
    for text in (hostile, hostile[13:]):
        started = time.perf_counter()
        asks_for_kill(text, text, slugline=text, note=text)
        asks_for_embargo(text, text, slugline=text, note=text)
        assert time.perf_counter() - started < 1.0
