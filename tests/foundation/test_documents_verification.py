"""The verification page: everything to whoever holds the paper, next to nothing to whoever guesses."""

import base64
import datetime as dt
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.html import strip_tags

from foundation.documents import actions, rules, signing
from foundation.documents.models import IssuedDocument
from tests.factories.documents import NOTICE, holder, issued, kinds_on_offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds():
    with kinds_on_offer():
        yield


@pytest.fixture
def paper():
    return issued(to=holder("周建新"))


def ask(client, **query):
    response = client.get("/verify/", query)
    assert response["X-Robots-Tag"] == "noindex, nofollow" and 'content="noindex' in response.content.decode()
    return response


def heading(response):
    text = response.content.decode()
    if 'id="h-verdict">' not in text:
        return None
    return strip_tags(text.split('id="h-verdict">')[1].split("</h2>")[0])


def secrets_of(document):
    return {
        "name": "周建新",
        "masked": "周*新",
        "kind": "荣誉证书",
        "fact": "2026年度",
        "sha256": document.sha256,
        "hash": document.facts_hash,
    }


def told(response, document):
    text = response.content.decode().split('id="kinds"')[0] + response.content.decode().split("</script>")[-1]
    return {what for what, secret in secrets_of(document).items() if secret in text}


def test_the_bare_page_is_a_form(client, paper):
    response = ask(client)
    assert response.status_code == 200 and heading(response) is None and told(response, paper) == set()


def test_serial_and_check_code_show_what_the_paper_says_with_the_name_masked(client, paper):
    response = ask(client, s=paper.serial, h=paper.facts_hash)
    assert heading(response) == "文书有效"
    assert told(response, paper) == {"masked", "kind", "fact", "sha256"} | {"hash"}
    assert "周建新" not in response.content.decode()


def test_what_a_person_types_from_the_paper_is_read_as_meant(client, paper):
    typed = rules.grouped(paper.facts_hash).lower().replace("0", "o").replace("1", "l")
    head, tail = paper.serial.rsplit("-", 1)
    response = ask(client, s=f" {head.lower()}-{tail.lower().replace('0', 'O')} ", h=typed)
    assert heading(response) == "文书有效"


def wide(text):
    """In full-width characters."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


WAYS = {
    "full width": wide,
    "full width, small": lambda text: wide(text.lower()),
    "spaces": lambda text: text.replace("-", " "),
    "wide spaces": lambda text: text.replace("-", "\u3000"),
    "spaces around": lambda text: f" {text.replace('-', ' - ')}\u00a0",
    "no hyphens": lambda text: text.replace("-", ""),
    "en dashes": lambda text: text.replace("-", "–"),
    "Chinese dashes": lambda text: text.replace("-", "——"),
    "minus signs": lambda text: text.replace("-", "−"),
    "hard hyphens": lambda text: text.replace("-", "\u2011"),
}


@pytest.mark.parametrize("way", WAYS)
def test_full_width_characters_spaces_and_dashes_are_read_as_meant(client, paper, way):
    write = WAYS[way]
    assert heading(ask(client, s=write(paper.serial))) == "编号存在"
    assert heading(ask(client, s=write(paper.serial), h=write(rules.grouped(paper.facts_hash)))) == "文书有效"


def test_a_serial_is_read_no_looser_than_that(client, paper):
    prefix, year, tail = paper.serial.split("-")
    for typed in (
        f"{prefix}-{year}-{tail[:-1]}",
        f"{prefix}-{year}-{tail}0",
        f"{prefix}-{year[2:]}-{tail}",
        f"{year}-{prefix}-{tail}",
        f"{prefix}.{year}.{tail}",
        f"{prefix}-{year}-{tail}?",
        tail,
    ):
        assert heading(ask(client, s=typed)) == "没有查到该编号", typed


def test_a_serial_alone_tells_only_that_it_exists(client, paper):
    response = ask(client, s=paper.serial)
    assert heading(response) == "编号存在" and told(response, paper) == set()


def test_a_serial_alone_tells_only_that_it_was_revoked(client, paper):
    revoked = actions.revoke(document=paper, reason="姓名有误", actor=None)
    response = ask(client, s=paper.serial)
    assert heading(response) == "已撤销" and told(response, paper) == set()
    assert (
        f"{revoked.revoked_on.year}年" not in response.content.decode() and "姓名有误" not in response.content.decode()
    )


def test_a_revoked_paper_is_dated_to_its_holder_and_gives_no_reason(client, paper):
    revoked = actions.revoke(document=paper, reason="姓名有误", actor=None)
    day = revoked.revoked_on
    response = ask(client, s=paper.serial, h=paper.facts_hash)
    assert heading(response) == f"文书已撤销（{day.year}年{day.month}月{day.day}日）"
    assert "姓名有误" not in response.content.decode() and "周*新" not in response.content.decode()


@pytest.mark.parametrize("is_revoked", [False, True])
def test_a_wrong_check_code_is_no_proof_and_tells_nothing(client, paper, is_revoked):
    if is_revoked:
        actions.revoke(document=paper, reason="姓名有误", actor=None)
    wrong = paper.facts_hash[:-2] + ("00" if paper.facts_hash[-2:] != "00" else "11")
    response = ask(client, s=paper.serial, h=wrong)
    assert heading(response) == "核验不通过" and told(response, paper) == set()


def test_the_check_code_of_another_paper_is_no_proof(client, paper):
    other = issued(kind=NOTICE)
    response = ask(client, s=paper.serial, h=other.facts_hash)
    assert heading(response) == "核验不通过" and told(response, paper) == set()


def test_an_unknown_serial_is_not_found(client, paper):
    response = ask(client, s="RY-2026-0000000000", h=paper.facts_hash)
    assert heading(response) == "没有查到该编号"
    assert told(response, paper) == {"hash"}  # the asker's own, back in the form


def test_facts_changed_behind_the_registers_back_no_longer_verify(client, paper):
    scanned = paper.facts_hash
    IssuedDocument.objects.filter(pk=paper.pk).update(data={**paper.data, "year": 2025})
    assert heading(ask(client, s=paper.serial, h=scanned)) == "核验不通过"


def test_an_address_may_ask_thirty_times_a_minute(client, paper, monkeypatch):
    moment = dt.datetime(2026, 11, 24, 9, 0, 5, tzinfo=dt.UTC)
    monkeypatch.setattr("foundation.offers.clock.now", lambda: moment)
    answers = [ask(client, s=paper.serial, h=paper.facts_hash) for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    assert answers[30].status_code == 429 and heading(answers[30]) == "查询太频繁"
    assert told(answers[30], paper) == {"hash"}  # the asker's own, back in the form
    assert client.get("/verify/").status_code == 200  # the form itself stays open
    assert ask(client, s=paper.serial).status_code == 429
    assert client.get("/verify/", {"s": paper.serial}, REMOTE_ADDR="10.0.0.9").status_code == 200
    moment += dt.timedelta(minutes=1)
    assert ask(client, s=paper.serial).status_code == 200


def test_the_page_has_no_script_or_style_of_its_own(client, paper):
    text = ask(client, s=paper.serial, h=paper.facts_hash).content.decode()
    assert "style=" not in text and "<style" not in text and "onclick" not in text
    assert text.count("<script") == text.count("<script src=") + text.count('type="application/json"')


# ---- the QR code's payload


def verified(fragment):
    body, signature = fragment.split(".")
    pad = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))  # noqa: E731
    key = Ed25519PublicKey.from_public_bytes(pad(signing.public_key()))
    key.verify(pad(signature), body.encode())
    return json.loads(pad(body))


def test_the_payload_carries_the_papers_facts_and_no_others(paper):
    fragment = actions.code_text(paper).split("#")[1]
    assert verified(fragment) == [
        1,
        signing.key_id(),
        paper.serial,
        paper.kind,
        "周建新",
        paper.issued_on.isoformat(),
        paper.facts_hash,
    ]


@pytest.mark.parametrize("place", [0, 40, -1, -40])
def test_a_payload_with_one_changed_byte_is_forged(paper, place):
    fragment = actions.code_text(paper).split("#")[1]
    data = bytearray(fragment.encode())
    data[place] = ord("A") if data[place] != ord("A") else ord("Q")
    with pytest.raises(InvalidSignature):
        verified(data.decode())


@pytest.mark.parametrize(
    ("name", "shown"), [("周新", "周*"), ("周建新", "周*新"), ("欧阳淼䶮", "欧**䶮"), ("李𬭎", "李*"), ("甲", "甲*")]
)
def test_names_are_masked(name, shown):
    assert rules.masked(name) == shown
