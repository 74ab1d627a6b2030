"""One behaviour of all engines: a text for each, in order, with its elements; or an error that says why not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.translation.engines.protocol import EngineError, TranslationEngine
from services.translation.engines.registry import build_engine
from shared.wire.config import Engine as EngineConfig
from tests.support import tiny_model
from tests.support.engine_servers import EngineServer
from tests.support.loopback import serving

_NEEDS_APERTIUM = pytest.mark.skipif(not shutil.which("apertium"), reason="needs Apertium: apt-get install apertium-eng-spa")

KINDS = ("libretranslate", "deepl", "chat", "ctranslate2", pytest.param("apertium", marks=_NEEDS_APERTIUM))
SERVERS = ("libretranslate", "deepl", "chat")


@pytest.fixture
def url() -> Iterator[str]:
    EngineServer.fresh()
    with serving(EngineServer) as address:
        yield address


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    tiny_model.make(folder / "tiny")
    return folder


def engine(kind: str, url: str, models: Path, timeout_s: float = 20) -> TranslationEngine:
    config = EngineConfig(kind=kind, url=url if kind in SERVERS else "", model="tiny", timeout_s=timeout_s)  # type: ignore[arg-type]
    return build_engine(config, api_key="k", models=str(models))


@pytest.mark.parametrize("kind", KINDS)
def test_each_sentence_is_answered_in_its_order_and_its_elements_stay(kind: str, url: str, models: Path) -> None:
    texts = ["Ministers agree on output", 'They <em id="1">met</em> in Riyadh.', "They left the city."]
    target = "es" if kind == "apertium" else "ar"
    answers = engine(kind, url, models).translate(texts, source="en", target=target, terms=())
    assert len(answers) == len(texts)
    assert [re.findall(r"</?em[^>]*>", text) for text in answers] == [[], ['<em id="1">', "</em>"], []]
    assert all(text and text != source for text, source in zip(answers, texts, strict=True))


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("mode", ["429", "500", "half", "hangs", "too few"])
def test_what_is_no_answer_is_an_error_with_the_reason(kind: str, url: str, models: Path, mode: str) -> None:
    EngineServer.mode = mode
    says = {"429": "answered 429: Slow down", "500": "answered 500", "half": "no JSON", "hangs": "did not answer"}
    with pytest.raises(EngineError, match=says.get(mode, "one text for each of 2")):
        engine(kind, url, models, timeout_s=0.3).translate(["One.", "Two."], source="en", target="ar", terms=())


def test_a_local_model_translates_sentence_by_sentence_and_is_loaded_once(models: Path) -> None:
    from services.translation.engines import ctranslate2

    ctranslate2._load.cache_clear()
    for _ in range(2):
        answers = engine("ctranslate2", "", models).translate(
            ["They left the city.", 'Ministers <b id="1">agree</b> on output'], source="en", target="ar", terms=()
        )
        assert answers == ["إنهم غادروا هذه المدينة.", 'الوزراء <b id="1">اتفقوا</b> على الإنتاج']
    assert ctranslate2._load.cache_info().misses == 1


def test_a_model_that_is_not_there_is_said(models: Path) -> None:
    config = EngineConfig(kind="ctranslate2", model="other")
    with pytest.raises(EngineError, match=r"has no model\.bin, source\.spm, target\.spm"):
        build_engine(config, api_key="", models=str(models)).translate(["x"], source="en", target="ar", terms=())


def test_a_chat_that_talks_instead_is_not_believed(url: str, models: Path) -> None:
    class Talks(EngineServer):
        def _shaped(self, told: list[str]) -> dict[str, object]:
            return {"choices": [{"finish_reason": "stop", "message": {"content": "Sure! Here is your translation."}}]}

    with serving(Talks) as address, pytest.raises(EngineError, match="something else than the JSON"):
        engine("chat", address, models).translate(["One."], source="en", target="ar", terms=())


def test_deepl_is_told_of_countries_where_it_wants_them_and_needs_a_key(url: str, models: Path) -> None:
    engine("deepl", url, models).translate(["One."], source="en-GB", target="en", terms=())
    assert (EngineServer.asked[0]["source_lang"], EngineServer.asked[0]["target_lang"]) == ("EN", "EN-US")
    with pytest.raises(EngineError, match="wants a key"):
        build_engine(EngineConfig(kind="deepl"), api_key="", models="").translate(["x"], source="en", target="ar", terms=())
