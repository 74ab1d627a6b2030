"""The translators' desk: what waits, source and target side by side, signing, the glossary, a tool of one's own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import html

from tests.support.editor import EditorAtDesk
from tests.support.house import House

TARGETS = ["الوزراء يتفقون", "اتفق الوزراء.", '<em id="1">صعد</em> السعر 5 & 6 في المئة.']


@pytest.fixture
def editor(house: House) -> EditorAtDesk:
    return EditorAtDesk(house)


def story(house: House, **fields: Any) -> str:
    body = "<p>Ministers agreed.</p><p>The price <em>rose</em> by 5 &amp; 6 percent.</p>"
    pushed = house.pushes(**{"body_text": None, "body_html": body, **fields})["story"]
    house.works()
    return str(pushed)


def test_what_waits_is_listed_and_leads_to_its_sentences(house: House, editor: EditorAtDesk) -> None:
    one = story(house)
    page = editor.opens("/desk/translate").text
    assert f'href="/desk/translate/ar/{one}"' in page
    assert "nothing yet" in page
    page = editor.opens(f"/desk/translate/ar/{one}").text
    assert page.count('<textarea name="target" lang="ar" dir="rtl"') == 3
    assert "The price &lt;em id=&#34;1&#34;&gt;rose&lt;/em&gt; by 5 &amp; 6 percent." in page


def test_a_translation_is_saved_then_signed_then_published(house: House, editor: EditorAtDesk) -> None:
    one = story(house)
    path = f"/desk/translate/ar/{one}"
    assert sends(editor, path, [TARGETS[0], "", ""], "save").status_code == 303
    house.works()
    assert house.titles(edition="ar") == []
    assert "الوزراء يتفقون" in editor.opens(path).text
    refused = sends(editor, path, [TARGETS[0], "", "صعد السعر."], "sign")
    assert refused.status_code == 422
    assert "is empty" in refused.text
    assert "صعد السعر." in refused.text
    assert sends(editor, path, TARGETS, "sign").headers["location"] == "/desk/translate?edition=ar"
    house.works()
    assert house.titles(edition="ar") == ["الوزراء يتفقون"]
    assert "<em>صعد</em> السعر 5 &amp; 6" in house.document(edition="ar", form="json").decode()
    assert "Nothing waits." in editor.opens("/desk/translate").text


def test_sentences_that_changed_are_marked(house: House, editor: EditorAtDesk) -> None:
    one = story(house)
    sends(editor, f"/desk/translate/ar/{one}", TARGETS, "sign")
    story(house, version=2, body_html="<p>Ministers agreed.</p><p>The price fell.</p>")
    page = html.fromstring(editor.opens(f"/desk/translate/ar/{one}").content)
    assert [item.get("id") for item in page.find_class("changed")] == ["s2"]
    assert [area.text or "" for area in page.iter("textarea")] == ["الوزراء يتفقون", "اتفق الوزراء.", ""]


def test_the_glossary_is_kept_at_the_desk_and_shown_where_it_applies(house: House, editor: EditorAtDesk) -> None:
    one = story(house)
    path = "/desk/translate/ar/terms"
    token = editor.token()
    fields = {"source": "Ministers", "targets": "الوزراء\nوزراء", "kind": "term", "language": "en", "do": "keep"}
    assert editor.client.post(path, data={"token": token, **fields}, follow_redirects=False).status_code == 303
    assert "الوزراء، وزراء" in editor.opens(path).text
    assert "<bdi>Ministers</bdi>" in editor.opens(f"/desk/translate/ar/{one}").text
    editor.client.post(path, data={"token": token, "source": "Ministers", "language": "en", "do": "remove"})
    assert "No terms yet." in editor.opens(path).text


def test_a_tool_of_ones_own_takes_the_sentences_and_brings_them_back(house: House, editor: EditorAtDesk) -> None:
    one = story(house)
    exported = editor.client.get(f"/desk/translate/ar/{one}.xlf")
    assert exported.headers["content-type"] == "application/xliff+xml"
    document = exported.text
    for target in TARGETS:
        inner = target.replace('<em id="1">', '<pc id="1" subType="html:em">').replace("</em>", "</pc>").replace("&", "&amp;")
        document = document.replace("</source></segment>", f"</source><target>{inner}</target></segment>", 1)
    token = editor.token()
    answer = editor.client.post(
        f"/desk/translate/ar/{one}",
        data={"token": token, "do": "save", "revision": "1"},
        files={"document": ("story.xlf", document.encode(), "application/xliff+xml")},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    page = html.fromstring(editor.opens(f"/desk/translate/ar/{one}").content)
    assert [area.text for area in page.iter("textarea")] == TARGETS


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/desk/translate?edition=en%26edition%3Dar", 404),
        ("/desk/translate/en%26edition%3Dar/terms", 404),
        ("/desk/translate/ar/terms?language=en%26edition%3Den", 422),
        ("/desk/translate/ar/no-story%3Fx", 404),
        ("/desk/translate/%2E%2E/terms", 404),
        ("/desk/translate/ar/%2E%2E.xlf", 404),
    ],
)
def test_an_edition_a_language_and_a_story_are_asked_for_as_they_were_written(
    house: House, editor: EditorAtDesk, path: str, status: int
) -> None:
    assert editor.opens(path).status_code == status


def sends(editor: EditorAtDesk, path: str, targets: list[str], do: str) -> Any:
    page = editor.opens(path).text
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    data = {"token": editor.token(), "revision": found[1], "do": do, "target": targets}
    return editor.client.post(path, data=data, follow_redirects=False)
