"""Input that is meant to break a reader, or is just broken: refused with a reason, in bounded memory, alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.formats import syndication
from shared.contracts.problem import Refused
from tests.support.hostile import KINDS
from tests.unit.ingest.test_corpus import FILES

ENTITY_BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE nitf [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<nitf><body><body.content><p>&c;</p></body.content></body></nitf>"""
OUTSIDE_ENTITY = b"""<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<nitf><body><body.content><p>&x;</p></body.content></body></nitf>"""
OUTSIDE_DTD = b"""<!DOCTYPE nitf SYSTEM "file:///etc/hostname"><nitf><body><body.head><hedline><hl1>&nobody;</hl1></hedline>
</body.head></body></nitf>"""


def outcome(body: bytes, content_type: str = "") -> int:
    """The status that a payload's first refusal has; 202 if something was read."""
    try:
        results = list(read_items(body, content_type, most=5000))
    except Refused as refused:
        return refused.problem.status
    return 202 if any(isinstance(result, Candidate) for result in results) else results[0].problem.status  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body",
    [
        ENTITY_BOMB,
        *(
            ENTITY_BOMB.decode().replace('<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{name[:6]}"?>').encode(name)
            for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
        ),
        ENTITY_BOMB.replace(b"<!DOCTYPE", b"<!-- > -->\n<!DOCTYPE"),
        ENTITY_BOMB.replace(b"[<!ENTITY", b"[<!-- ]> --><?a ]>?><!ATTLIST p a CDATA ']>'><!ENTITY"),
        b"<br />Notice <b>x</b>" + ENTITY_BOMB.partition(b"?>")[2],
        OUTSIDE_ENTITY,
        b"<nitf>" + b"<p>" * 100_000,
        b"<nitf>" + b"<p>" * 100_000 + b"</p>" * 100_000 + b"</nitf>",
        b"[" * 200_000,
        b'{"uri":' * 50_000,
        b'{"uri": "urn:x", "version": ' + b"9" * 10_000 + b"}",
        b"<rss><channel><item><title>cut off in the mid",
        b"<html><body>a page, not an item</body></html>",
        b"just a line of text",
        b"\x89PNG\r\n\x1a\n" + os.urandom(2000),
        b"PK\x03\x04" + zlib.compress(b"0" * 100_000),
        b"\0" * 1000,
        b"From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5000,
    ],
)
def test_hostile_input_is_refused_with_a_reason(body: bytes) -> None:
    assert outcome(body) in (400, 413, 415, 422)


@pytest.mark.parametrize("said", ["<![CDATA[{}]]>", "<!--{}-->"])
@pytest.mark.parametrize("declaration", ['<!ENTITY a "b">', '<!DOCTYPE nitf [<!ENTITY a "b">]>'])
def test_a_declaration_that_is_only_quoted_refuses_nothing(said: str, declaration: str) -> None:
    entry = f"<item><title>Port</title><guid>urn:x:1</guid>{said.format(declaration)}</item>"
    body = f"<!DOCTYPE rss><rss><channel>{entry}</channel></rss>"
    (result,) = read_items(body.encode(), "", most=10)
    assert isinstance(result, Candidate)
    assert result.item.notes == ()


def test_no_file_of_this_machine_is_read_for_a_sender() -> None:
    """feedparser opens what looks like a name or an address: it must never be given one."""
    for body in (b"/etc/hostname", b"http://127.0.0.1:9/feed.rss", b"file:///etc/hostname"):
        assert outcome(body, "application/rss+xml") == 415


def test_a_dtd_is_never_loaded() -> None:
    (result,) = read_items(OUTSIDE_DTD, "", most=1)
    assert isinstance(result, Candidate)
    assert result.item.body_html == ""


def test_a_message_nested_a_thousand_times_is_refused() -> None:
    body = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(1000))
    assert outcome(b"From: a@b.example\r\nSubject: x\r\n" + body, "message/rfc822") in (202, 400)


def test_an_item_that_is_hostile_takes_no_other_with_it() -> None:
    good = json.dumps({"uri": "urn:good", "headline": "H", "body_text": "T"}).encode()
    lines = [good, b"[" * 100_000, b'{"uri": "urn:x", "headline": "\\ud800", "body_text": {}}', b"\x01\x02", good]
    results = list(read_items(b"\n".join(lines), "application/x-ndjson", most=100))
    assert [type(result) for result in results] == [Candidate, Rejection, Rejection, Rejection, Candidate]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        (
            "one paragraph of 10 MB",
            "b'<nitf><body><body.content><p>' + b'x' * size + b'</p></body.content></body></nitf>'",
        ),
        (
            "10 MB of paragraphs",
            "b'<nitf><body><body.content>' + b'<p>x</p>' * (size // 8) + b'</body.content></body></nitf>'",
        ),
        ("10 MB of JSON", 'b\'{"uri": "urn:x", "headline": "H", "body_text": "\' + b\'x\' * size + b\'"}\''),
        ("10 MB of a mail", "b'From: a@b.example\\nSubject: x\\n\\n' + b'x' * 70 + b'\\n' + b'word ' * (size // 5)"),
        ("10 MB of nothing", "bytes(size)"),
    ],
)
def test_memory_stays_bounded_whatever_comes(name: str, make: str) -> None:
    """The largest payload that is taken costs a small multiple of its own size at the most; a larger one is not looked at."""
    script = f"""
import resource, sys
from services.ingest.formats import syndication
from services.ingest.acceptance import read_items
from shared.contracts.problem import Refused
size = 10_000_000
body = {make}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    print(sum(1 for _ in read_items(body, "", most=100)))
except Refused as refused:
    print(refused.problem.title)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    grown_kib = int(done.stdout.splitlines()[-1])
    assert grown_kib < 10_000 * 30, f"{name} took {grown_kib / 1024:.0f} MiB"


MEDIA_TYPES = ["", "application/json", "text/xml; charset=utf-16", "message/rfc822", "application/x-ndjson"]
SEEDS = [path.read_bytes() for path in FILES]
#: `make fuzz` tries more, and others each time
EFFORT = int(os.environ.get("BARQ_FUZZ_EXAMPLES", "150"))
SEED = os.environ.get("BARQ_FUZZ_SEED", "")
#: far more than any document of a few kilobytes takes on any machine
MOST_S = 20.0


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A file of the corpus, or what is odd by itself, with pieces cut out, doubled, swapped for another's, or overwritten."""
    if draw(st.booleans()):
        body = bytearray(draw(st.sampled_from(SEEDS)))
    else:
        body = bytearray(KINDS[draw(st.sampled_from(sorted(KINDS)))](draw(st.integers(1, 2_000)))[0])
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 60)))
        match draw(st.integers(0, 4)):
            case 0:
                del body[start:end]
            case 1:
                body[start:start] = body[start:end] * draw(st.integers(1, 30))
            case 2:
                body[start:end] = draw(st.binary(max_size=12))
            case 3:
                other = draw(st.sampled_from(SEEDS))
                cut = draw(st.integers(0, len(other)))
                body[start:end] = other[cut : cut + 80]
            case _:
                body[start:end] = draw(st.text(max_size=12)).encode("utf-8", "surrogatepass")
    return bytes(body)


def seeded(test: Callable[..., None]) -> Callable[..., None]:
    """The same examples at each run, unless somebody asks for others."""
    tried = settings(max_examples=EFFORT, deadline=None, suppress_health_check=list(HealthCheck))
    if not SEED:
        return tried(test)
    return seed(int(SEED))(settings(tried, derandomize=False)(test))


@seeded
@given(body=st.one_of(mutated(), mutated(), st.binary(max_size=300)), content_type=st.sampled_from(MEDIA_TYPES))
@example(body=b"<", content_type="")
@example(body=b"\x16\x16\x01a0001", content_type="")
@example(body=b'{"uri": 1e999, "urgency": [[]], "keywords": {}}', content_type="application/json")
@example(
    body=b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:x</id><title>A<content>b</content></title></entry></feed>',
    content_type="application/atom+xml",
)
@example(body=b"<rss><channel><item><guid>x</guid><title>A</title><links>b</links></item></channel></rss>", content_type="")
def test_no_input_breaks_a_reader(body: bytes, content_type: str) -> None:
    began = time.process_time()
    try:
        for result in read_items(body, content_type, most=100):
            if isinstance(result, Candidate):
                assert result.item.model_dump_json().encode()  # what was understood can be kept
                assert len(result.content_hash) == 32
            else:
                assert result.problem.status < 500, result.problem.detail
    except Refused as refused:
        assert 400 <= refused.problem.status < 500  # noqa: PT017 - being read is as good
    assert time.process_time() - began < MOST_S


@pytest.mark.parametrize("name", sorted(syndication._READ))
@pytest.mark.parametrize("inside", ["b", "<a>b</a>", "", "<title>c</title>"])
def test_an_element_may_be_called_as_the_reader_calls_its_own_parts(name: str, inside: str) -> None:
    """feedparser puts elements that it does not know beside its own, under their names."""
    frames = (
        "<rss><channel>{0}<item><guid>x</guid><title>A</title>{0}</item></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom">{0}<entry><id>x</id><title>A</title>{0}</entry></feed>',
    )
    for frame in frames:
        for result in read_items(frame.format(f"<{name}>{inside}</{name}>").encode(), "", most=10):
            assert isinstance(result, Candidate) or result.problem.status < 500
