"""A label that nobody sent and the wording gives is in feeds, in pages' words and in filters, in each edition's language."""

from __future__ import annotations

import json

from tests.support.house import House


def test_what_a_headline_calls_itself_is_its_label_in_each_editions_words(house: House) -> None:
    story = house.pushes(headline="UPDATE 2-Ministers agree on output")["story"]
    house.translates(story)
    house.works()
    tags = {edition: json.loads(house.document(form="json", edition=edition))["items"][0]["tags"] for edition in ("en", "ar")}
    assert ("UPDATE 2" in tags["en"], "تحديث 2" in tags["ar"]) == (True, True)


def test_the_senders_own_label_stands(house: House) -> None:
    house.pushes(headline="UPDATE 2-Ministers agree on output", label=["Analysis"])
    house.works()
    (item,) = json.loads(house.document(form="json"))["items"]
    assert ("Analysis" in item["tags"], "UPDATE 2" in item["tags"]) == (True, False)
