"""Arabic is found however it is spelt, in the story and by who looks for it."""

from __future__ import annotations

import json
from pathlib import Path

from fastapi.testclient import TestClient

from services.edge.app import pages
from tests.support.house import House

#: marks that nobody sees inside words, a headline that begins with an override, hamza on its seats, figures, Persian keyboards
STORIES = [json.loads(line) for line in (Path(__file__).parent / "arabic-search.ndjson").read_text().splitlines()]
QUERIES = {
    "f": ["الدولار", "الموازية", "الموازیه", "1500", "١٥٠٠", "۱۵۰۰", "1,500", "١٬٥٠٠", "ألفا"],
    "h": ["عنوان مقلوب", "مقلوب", "\u202eمقلوب", "تقلب الإتجاه"],
    "g": ["مسؤول", "مسئول", "مسوول", "مسؤولون", "مسئولون", "شئون", "شؤون اللاجئين", "اللاجيين", "إلي المخيمات"],
    "a": ["لبنان", "إرتفاع", "أرتفاع أسعار", "12", "١٢", "۱۲", "2026", "المائة", "الـنـفـط", "وزيرُ الطاقةِ", "ﺍﻟﻨﻔﻂ"],
    "q": ["علي الكيلاني", "علی الکیلانی", "على الكيلانى", "کلمة", "بغداد", "بغ\u200cداد"],
}


def test_every_spelling_finds_its_story(house: House) -> None:
    answer = house.pushes_many(STORIES)
    stories = {sent["uri"][-1]: item["story"] for sent, item in zip(STORIES, answer["accepted"], strict=True)}
    house.works()
    reader = TestClient(pages)
    missed = [
        (name, query)
        for name, queries in QUERIES.items()
        for query in queries
        if stories[name]
        not in [one["story"] for one in reader.get("/v1/stories", params={"edition": "ar", "q": query}).json()["stories"]]
    ]
    assert missed == []
    for query in ("العراق", "الكيلو", "1501"):
        assert reader.get("/v1/stories", params={"edition": "ar", "q": query}).json()["stories"] == []
    page = reader.get(f"/ar/stories/{stories['h']}").text
    assert "عنوان مقلوب" in page
    assert "\u202e" not in page + reader.get("/ar/").text
