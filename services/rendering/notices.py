"""What readers see where text was taken back or corrected. Templates only: a notice never repeats what it takes back."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.item import KillReason


@dataclass(frozen=True, kw_only=True)
class Words:
    """An edition's own words for what the wire says itself."""

    killed_title: str
    killed_body: str
    advisory_title: str
    advisory_text: str
    kill_reasons: dict[KillReason, str]
    expired_title: str
    expired_body: str
    held_title: str
    held_body: str
    stale_title: str
    stale_body: str
    correction: str
    corrected: str
    machine: str
    disclaimer: str
    machine_reviewed: str
    translator: str
    rest: str


_ENGLISH = Words(
    disclaimer="Legal Disclaimer:",
    kill_reasons={
        KillReason.LEGAL: "It was withdrawn for legal reasons.",
        KillReason.FACTUAL: "It was withdrawn because it was wrong.",
        KillReason.DUPLICATE: "It had been sent twice.",
        KillReason.SOURCE_WITHDRAWN: "Its source has withdrawn it.",
        KillReason.RIGHTS: "The rights to it have ended.",
        KillReason.TEST: "It was sent as a test.",
    },
    expired_title="No longer available: story {story}",
    expired_body="The rights to this story have ended. It is no longer available here.",
    killed_title="KILLED: story {story}",
    advisory_title="KILL ADVISORY: story {story} is withdrawn",
    advisory_text="Story {story} has been withdrawn and must not be used. The identifier stands at the foot of its text. "
    "Please remove it from all copies.",
    killed_body="This story has been withdrawn and must not be used. Please remove it from all copies.",
    held_title="HELD: story {story}",
    held_body="This story is being held while it is checked and must not be used until it is released.",
    stale_title="HELD: story {story}",
    stale_body="This story was corrected. Its text in this edition is held until it is translated again.",
    correction="Correction:",
    corrected="this version replaces an earlier one that was wrong.",
    machine="Machine translation",
    machine_reviewed="Machine translation, reviewed by {reviewer}",
    translator="Translated by {translator}",
    rest="The whole text is on its page.",
)
_ARABIC = Words(
    disclaimer="إخلاء المسؤولية القانونية:",
    kill_reasons={
        KillReason.LEGAL: "سُحب لأسباب قانونية.",
        KillReason.FACTUAL: "سُحب لأنه غير صحيح.",
        KillReason.DUPLICATE: "أُرسل مرتين.",
        KillReason.SOURCE_WITHDRAWN: "سحبه مصدره.",
        KillReason.RIGHTS: "انتهت حقوق نشره.",
        KillReason.TEST: "أُرسل على سبيل الاختبار.",
    },
    expired_title="لم يعد متاحاً: الخبر {story}",
    expired_body="انتهت حقوق نشر هذا الخبر ولم يعد متاحاً هنا.",
    killed_title="حُذف: الخبر {story}",
    advisory_title="تنويه بالحذف: سُحب الخبر {story}",
    advisory_text="سُحب الخبر {story} ولا يجوز استخدامه. يرد هذا المعرّف في نهاية نصه. يرجى إزالته من جميع النسخ.",
    killed_body="سُحب هذا الخبر ولا يجوز استخدامه. يرجى إزالته من جميع النسخ.",
    held_title="موقوف: الخبر {story}",
    held_body="أُوقف هذا الخبر للتحقق منه ولا يجوز استخدامه إلى حين الإفراج عنه.",
    stale_title="موقوف: الخبر {story}",
    stale_body="جرى تصحيح هذا الخبر، ونصه في هذه النشرة موقوف إلى حين ترجمته من جديد.",
    correction="تصحيح:",
    corrected="تحل هذه النسخة محل نسخة سابقة تضمنت خطأ.",
    machine="ترجمة آلية",
    machine_reviewed="ترجمة آلية راجعها {reviewer}",
    translator="ترجمة: {translator}",
    rest="النص الكامل في صفحة الخبر.",
)
_SPANISH = Words(
    disclaimer="Aviso legal:",
    kill_reasons={
        KillReason.LEGAL: "Se retiró por motivos legales.",
        KillReason.FACTUAL: "Se retiró porque era errónea.",
        KillReason.DUPLICATE: "Se había enviado dos veces.",
        KillReason.SOURCE_WITHDRAWN: "Su fuente la ha retirado.",
        KillReason.RIGHTS: "Los derechos sobre ella han terminado.",
        KillReason.TEST: "Se envió como prueba.",
    },
    expired_title="Ya no disponible: noticia {story}",
    expired_body="Los derechos sobre esta noticia han terminado. Ya no está disponible aquí.",
    killed_title="ANULADA: noticia {story}",
    advisory_title="AVISO DE ANULACIÓN: la noticia {story} se ha retirado",
    advisory_text="La noticia {story} se ha retirado y no debe usarse. El identificador figura al final de su texto. "
    "Elimínela de todas las copias.",
    killed_body="Esta noticia se ha retirado y no debe usarse. Elimínela de todas las copias.",
    held_title="RETENIDA: noticia {story}",
    held_body="Esta noticia está retenida mientras se comprueba y no debe usarse hasta que se libere.",
    stale_title="RETENIDA: noticia {story}",
    stale_body="Esta noticia se corrigió. Su texto en esta edición está retenido hasta que se traduzca de nuevo.",
    correction="Corrección:",
    corrected="esta versión sustituye a una anterior que era errónea.",
    machine="Traducción automática",
    machine_reviewed="Traducción automática, revisada por {reviewer}",
    translator="Traducción: {translator}",
    rest="El texto completo está en su página.",
)

_BY_LANGUAGE = {"ar": _ARABIC, "es": _SPANISH}


def words_of(edition: str) -> Words:
    """The wire's own words in an edition's language; English where nobody has written them yet."""
    return _BY_LANGUAGE.get(edition.split("-")[0], _ENGLISH)
