"""every table says what one of its rows is, where `\\d+` shows it"""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ROWS = {
    "work": "A piece of work: one stage to be done, or done, for one item, revision and edition.",
    "workers": "A worker process: what it does, and when it last heard its own message.",
    "pauses": "A stage that ops have paused; no row: it runs.",
    "audits": "How far one walk of the audit has come through all items.",
    "out_of_sight": "An item that the audit found neither readable nor accounted for.",
    "keys": "A key of a newsroom, a subscriber or ops; its secret is kept as a hash.",
    "sessions": "A person signed in with a key, on one browser.",
    "identities": "A `uri` that a sender used, and the story that it belongs to.",
    "payloads": "A body as it was sent; many items may have been read from it.",
    "quarantine": "A refusal by a source, once for each reason, with a count and the newest payload.",
    "items": "A version of a story as it was accepted; never changed but by reading it again.",
    "sources": "A feed, folder, server or mailbox that is polled, and how it is.",
    "enrichments": "What an item is about, as it was found or said.",
    "usual_languages": "The languages that a sender has lately used for a provider.",
    "fingerprints": "A sketch of an item's text, by which texts that are alike are found.",
    "likenesses": "Another story whose text is like an item's.",
    "stories": "A story as it stands now.",
    "decisions": "What became of an item at its story, for those who ask where it is.",
    "revisions": "A state that a story has had: what was done, and with which item.",
    "memberships": "A feed that a story belongs to.",
    "translations": "A text of a story's revision in another edition: a person's, or a machine's.",
    "segments": "A sentence with its newest translation: the translation memory.",
    "terms": "A name or term of the glossary, with its approved translations.",
    "engine_months": "How many characters were sent to an engine in a month.",
    "entries": "A story in one edition and one format, as feeds and pages have it.",
    "documents": "A feed's newest entries in one edition and format, compressed, ready to be served.",
    "archives": "A page of a feed's older entries that will not change (RFC 5005), by where it ends.",
    "receivers": "A webhook: a subscriber's, or one named in the wire file.",
    "deliveries": "A notification of one revision of a story to one webhook, with all its attempts.",
    "intents": "A request to the hub that its subscriber has still to confirm.",
    "subscriptions": "A confirmed WebSub subscription to one feed document.",
    "pushes": "A feed document sent to a subscription.",
    "comments": "A comment by a reader under a story's page.",
    "drafts": "What an editor writes at the desk: before it is sent, it is no item.",
    "feeds": "A feed that was defined at the desk.",
    "actions": "Something that a person did at the desk.",
}


def upgrade() -> None:
    """Comments alone."""
    for table, row in _ROWS.items():
        op.create_table_comment(table, row)


def downgrade() -> None:
    """Without them."""
    for table in _ROWS:
        op.drop_table_comment(table)
