"""Which kinds of engines there are, and what each is made from."""

from __future__ import annotations

from services.translation.engines.protocol import TranslationEngine
from shared.wire.config import Engine as EngineConfig


def build_engine(config: EngineConfig, *, api_key: str, models: str) -> TranslationEngine:
    """The engine that a row of the wire file describes; `models` is the folder of local models.

    An engine's module is imported here, so that a worker loads only what its wire uses.
    """
    match config.kind:
        case "apertium":
            from services.translation.engines.apertium import Apertium

            return Apertium(timeout_s=config.timeout_s)
        case "libretranslate":
            from services.translation.engines.libretranslate import LibreTranslate

            return LibreTranslate(config.url, api_key=api_key, timeout_s=config.timeout_s)
        case "deepl":
            from services.translation.engines.deepl import DeepL

            return DeepL(config.url, api_key=api_key, timeout_s=config.timeout_s)
        case "chat":
            from services.translation.engines.chat import Chat

            return Chat(config.url, config.model, api_key=api_key, timeout_s=config.timeout_s)
        case "ctranslate2":
            from services.translation.engines.ctranslate2 import CTranslate2

            return CTranslate2(
                config.model,
                models=models,
                source_prefix=config.source_prefix,
                source_suffix=config.source_suffix,
                target_prefix=config.target_prefix,
            )
