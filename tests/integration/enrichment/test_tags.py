"""A tag has one spelling on the wire, the best that has come, whatever each story has."""

from __future__ import annotations

from tests.support.house import House


def tags_of(house: House, uri: str) -> list[str]:
    (row,) = house.rows("SELECT tags FROM enrichments JOIN items ON items.id = item WHERE uri = :uri", uri=uri)
    tags: list[str] = row.tags
    return tags


def test_a_tag_is_spelt_alike_across_stories(house: House) -> None:
    for number, word in enumerate(["oil prices", "Oil Prices", "OIL PRICES", "oil prices", "oil-prices"]):
        house.pushes(uri=f"urn:{number}", keywords=[word, f"word {number}"])
        house.works()
    assert [tags_of(house, f"urn:{number}")[0] for number in range(5)] == [
        "oil prices",  # nobody had written it better
        "Oil Prices",
        "Oil Prices",
        "Oil Prices",
        "oil-prices",  # its sender's own word: feeds may ask for it
    ]


def test_where_a_sender_gives_few_the_story_gives_more(house: House) -> None:
    house.pushes(
        uri="urn:1", keywords=["markets"], headline="Output", body_text="Prime Minister Anna Brandt met officials of OPEC."
    )
    house.works()
    assert tags_of(house, "urn:1") == ["markets", "Anna Brandt", "OPEC"]
