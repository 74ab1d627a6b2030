"""Texts that are much alike are linked, and said to whoever pushed; likeness alone hides nothing."""

from __future__ import annotations

from tests.support.editor import EditorAtDesk
from tests.support.house import House

LEAD = "Ministers from eight countries agreed on Sunday to raise output by 180,000 barrels a day from June. "
REST = (
    "They said that they would meet again in Vienna before the end of the summer to see what the market had made of it. Prices "
    "fell by two percent in London after the news, and traders waited for word from the largest producers, who kept silent."
)


def test_a_copy_that_was_led_anew_is_public_and_linked_and_its_sender_hears_of_it(house: House) -> None:
    first = house.pushes(uri="urn:1", headline="Output is raised", body_text=LEAD + REST)
    again = house.pushes(
        uri="urn:2", headline="More oil from June", body_text=f"Eight countries open the taps. {REST}", provider={"name": "Gulf"}
    )
    update = house.pushes(uri="urn:3", headline="Output is raised", body_text=f"{LEAD}{REST} Analysts had expected more.")
    other = house.pushes(uri="urn:4", headline="Library opens in Oslo", body_text="It has room for all who read, and it is free.")
    house.works()
    assert len(house.titles()) == 4
    alike = {row["item"]: house.newsroom().get(row["status"]).json()["alike"] for row in (first, again, update, other)}
    assert [[(row["story"], row["same"]) for row in alike[each["item"]]] for each in (first, again, other)] == [
        [],
        [(first["story"], False)],
        [],
    ]
    assert {row["story"] for row in alike[update["item"]]} == {first["story"], again["story"]}
    assert all(0.6 < row["likeness"] <= 1 for rows in alike.values() for row in rows)


def test_the_desk_says_what_an_alike_story_is(house: House) -> None:
    first = house.pushes(uri="urn:1", headline="Output is raised", body_text=LEAD + REST)
    house.pushes(uri="urn:2", headline="More oil", body_text=f"Eight open the taps. {REST}", provider={"name": "Gulf"})
    house.pushes(uri="urn:3", headline="Output is raised", body_text=f"{LEAD}{REST} Analysts had expected more.")
    house.works()
    page = EditorAtDesk(house).opens(f"/desk/stories/{first['story']}").text
    assert "another provider&#39;s version" in page or "another provider's version" in page
    assert "an update under another name?" in page
