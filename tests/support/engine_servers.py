"""Translation engines that really listen on loopback and speak their documented protocols, with a phrase book for a brain."""

from __future__ import annotations

import html
import json
import re
import time
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

#: what the engines know; numbered elements come along around everything
PHRASES = {
    "Ministers agree on output": "الوزراء يتفقون على الإنتاج",
    "Ministers agreed on crude output in Riyadh.": "اتفق الوزراء على إنتاج الخام في الرياض.",
    "The price rose by 5 percent to 82 dollars.": "ارتفع السعر بنسبة 5 في المئة إلى 82 دولاراً.",
    "The price rose by 6 percent to 83 dollars.": "ارتفع السعر بنسبة 6 في المئة إلى 83 دولاراً.",
    "Ministers from Saudi Arabia and Iraq agreed on crude output.": "اتفق وزراء السعودية والعراق على إنتاج الخام.",
    "Saudi Arabia and Iraq will share it.": "وستتقاسمه السعودية والعراق.",
    "They will meet again in June.": "وسيجتمعون مرة أخرى في يونيو.",
    "Minister Lavrov welcomed the decision.": "ورحب الوزير لافروف بالقرار.",
    "The decision was welcomed in Cairo.": "ولقي القرار ترحيباً في القاهرة.",
}
WRONG_LANGUAGE = "Les ministres se sont mis d'accord sur la production de brut et ils se reverront bientôt à Paris."

_TAG = re.compile(r"<[^>]*>")


def arabic(text: str) -> str:
    """The phrase book's Arabic, in the elements of the text."""
    tags = _TAG.findall(text)
    known = PHRASES.get(html.unescape(_TAG.sub("", text)).strip(), "جملة لا يعرفها الكتاب")
    opening = "".join(f"{tag} " if tag.startswith("<img") else tag for tag in tags if not tag.startswith("</"))
    return opening + known + "".join(tag for tag in tags if tag.startswith("</"))


class EngineServer(BaseHTTPRequestHandler):
    """LibreTranslate at `/translate`, DeepL at `/v2/translate`, chat completions at `/chat/completions`."""

    mode: ClassVar[str] = "well"  #: or `429`, `500`, `456`, `half`, `hangs`, `wrong language`, `untranslated`, `too few`
    asked: ClassVar[list[dict[str, Any]]] = []
    headers_seen: ClassVar[list[dict[str, str]]] = []

    @classmethod
    def fresh(cls) -> None:
        cls.mode, cls.asked, cls.headers_seen = "well", [], []

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        type(self).asked.append(request)
        type(self).headers_seen.append({name.lower(): value for name, value in self.headers.items()})
        if self.mode == "hangs":
            time.sleep(1)
        elif self.mode.isdecimal():
            self._answer(int(self.mode), {"error": "Slow down"})
        else:
            told = [self._told(text) for text in self._texts(request)]
            told = told[:-1] if self.mode == "too few" else told
            self._answer(200, self._shaped(told), half=self.mode == "half")

    def _told(self, text: str) -> str:
        return {"wrong language": WRONG_LANGUAGE, "untranslated": text}.get(self.mode) or arabic(text)

    def _texts(self, request: dict[str, Any]) -> list[str]:
        if self.path == "/chat/completions":
            return [str(one["text"]) for one in json.loads(request["messages"][-1]["content"])["texts"]]
        return list(request["text"] if self.path == "/v2/translate" else request["q"])

    def _shaped(self, told: list[str]) -> dict[str, Any]:
        if self.path == "/chat/completions":
            content = json.dumps({"translations": [{"id": n, "text": text} for n, text in enumerate(told, start=1)]})
            return {"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": content}}]}
        if self.path == "/v2/translate":
            return {"translations": [{"detected_source_language": "EN", "text": text} for text in told]}
        return {"translatedText": told}

    def _answer(self, status: int, answer: dict[str, Any], *, half: bool = False) -> None:
        body = json.dumps(answer).encode()
        body = body[: len(body) // 2] if half else body
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""
