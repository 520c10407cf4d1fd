"""One's own documents and their files: the holder and the issuer, nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import Entry
from foundation.documents import actions
from tests.factories.documents import NOTICE, holder, issued, kinds_on_offer, source
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds():
    with kinds_on_offer():
        yield


@pytest.fixture
def zhou():
    return AccountFactory(name="周建新")


@pytest.fixture
def officer():
    return AccountFactory(name="人事")


@pytest.fixture
def paper(zhou, officer):
    return issued(to=holder(account=zhou), actor=officer)


def openings():
    return list(Entry.objects.filter(event="document.opened").values_list("actor_name", "target_name"))


def test_the_holder_and_the_issuer_open_the_file_and_it_is_recorded(client, paper, zhou, officer):
    for reader in (zhou, officer):
        client.force_login(reader)
        response = client.get(f"/documents/{paper.serial}/file/")
        assert b"".join(response.streaming_content) == paper.path.read_bytes()
        assert response["Content-Type"] == "application/pdf" and "no-store" in response["Cache-Control"]
        assert response["Content-Disposition"] == f'attachment; filename="{paper.serial}.pdf"'
    assert openings() == [("周建新", str(paper)), ("人事", str(paper))]


def test_a_colleague_finds_nothing_and_a_visitor_signs_in_first(client, paper):
    address = f"/documents/{paper.serial}/file/"
    visitor = client.get(address)
    assert (visitor.status_code, visitor["Location"]) == (302, f"/accounts/login/?next={address}")
    colleague = AccountFactory(name="同事")
    issued(to=holder("同事", pk=2, account=colleague))
    client.force_login(colleague)
    assert client.get(address).status_code == 404
    assert client.get("/documents/RY-2026-0000000000/file/").status_code == 404
    assert openings() == []


def test_the_list_shows_ones_own_documents_only(client, paper, zhou):
    other = issued(to=holder("同事", pk=2, account=AccountFactory()), actor=zhou)  # issued by, not for
    unclaimed = issued(to=holder("无账号", pk=3))
    notice = actions.revoke(document=issued(kind=NOTICE, to=holder(account=zhou)), reason="等次有误", actor=None)
    client.force_login(zhou)
    response = client.get("/documents/")
    assert [document.serial for document in response.context["documents"]] == [notice.serial, paper.serial]
    text = response.content.decode()
    assert text.count("已撤销") == 1 and "等次有误" in text
    assert other.serial not in text and unclaimed.serial not in text


def test_an_empty_list_says_what_will_come(client, zhou):
    client.force_login(zhou)
    assert "还没有签发给你的证书或文书" in client.get("/documents/").content.decode()


def test_a_visitor_signs_in_to_see_a_list(client):
    assert client.get("/documents/")["Location"] == "/accounts/login/?next=/documents/"


def test_a_long_list_goes_on_by_keyset(client, zhou, monkeypatch):
    monkeypatch.setattr("foundation.documents.views.PAGE", 2)
    documents = [issued(to=holder(account=zhou), because=source(number)) for number in range(3)]
    client.force_login(zhou)
    first = client.get("/documents/")
    assert list(first.context["documents"]) == documents[:0:-1]
    rest = client.get("/documents/", {"before": first.context["older"]})
    assert list(rest.context["documents"]) == documents[:1] and rest.context["older"] is None
    assert client.get("/documents/", {"before": "9" * 30}).status_code == 200
    assert client.get("/documents/", {"before": "x"}).status_code == 200


def test_the_list_asks_the_database_as_often_for_three_as_for_one(client, zhou):
    client.force_login(zhou)
    asked = []
    for number in range(3):
        issued(to=holder(account=zhou), because=source(number))
        with CaptureQueriesContext(connection) as queries:
            client.get("/documents/")
        asked.append(len(queries))
    assert asked[2] == asked[1] <= asked[0]  # the first visit also reads the content types


def test_a_lost_file_is_there_again_when_it_is_opened(client, paper, zhou):
    paper.path.unlink()
    client.force_login(zhou)
    response = client.get(f"/documents/{paper.serial}/file/")
    assert response.status_code == 200 and b"".join(response.streaming_content).startswith(b"%PDF-")
    paper.refresh_from_db()
    assert paper.file_stands
