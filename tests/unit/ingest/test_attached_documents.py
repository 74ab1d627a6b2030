"""A mail's attached documents are read as any payload is: what is refused of one that has items is said."""

from __future__ import annotations

from email.message import EmailMessage

from services.ingest.acceptance import Candidate, read_items


def mail_with(*documents: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "wire@agency.example", "The wire"
    message.set_content("See the files.")
    for number, document in enumerate(documents):
        message.add_attachment(document, maintype="application", subtype="json", filename=f"{number}.json")
    return message.as_bytes()


def test_what_cannot_be_read_of_an_attached_document_is_refused_beside_what_can() -> None:
    good, bad = b'{"uri": "urn:x:1", "headline": "A story", "body_text": "They agreed on Friday."}', b'{"uri": '
    results = list(read_items(mail_with(good + b"\n" + bad), "message/rfc822", most=100))
    assert [isinstance(result, Candidate) for result in results] == [True, False]


def test_an_attached_file_that_is_no_item_is_passed_over() -> None:
    good = b'{"uri": "urn:x:1", "headline": "A story", "body_text": "They agreed on Friday."}'
    results = list(read_items(mail_with(good, b"{not json"), "message/rfc822", most=100))
    assert [isinstance(result, Candidate) for result in results] == [True]
