"""One's own documents and their files: the holder, and whom the kind's room lets read today; nobody else."""

import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import Entry
from foundation.documents import actions
from foundation.documents.models import IssuedDocument
from foundation.offers import clock
from foundation.offers.find import kinds
from foundation.offers.types import Ref
from foundation.people import actions as people
from foundation.people.enums import Role
from foundation.people.models import Account, Cadre
from foundation.people.scope import visible
from tests.factories.documents import HONOUR, NOTICE, holder, issued, kinds_on_offer, source
from tests.factories.people import LONG_AGO, AccountFactory, CadreFactory, grant, office, section

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


def status(client, document):
    """What the file's address answers."""
    response = client.get(f"/documents/{document.serial}/file/")
    b"".join(response)  # read to its end, so that the file is closed
    return response.status_code


def openings():
    return list(Entry.objects.filter(event="document.opened").values_list("actor_name", "target_name"))


def test_the_holder_opens_the_file_and_it_is_recorded(client, paper, zhou):
    client.force_login(zhou)
    response = client.get(f"/documents/{paper.serial}/file/")
    assert b"".join(response.streaming_content) == paper.path.read_bytes()
    assert response["Content-Type"] == "application/pdf" and response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"] == f'attachment; filename="{paper.serial}.pdf"'
    assert openings() == [("周建新", str(paper))]


def test_who_issued_a_document_does_not_open_it_for_that(client, paper, officer):
    client.force_login(officer)
    assert status(client, paper) == 404
    assert openings() == []


def test_the_kinds_room_says_who_else_may_read_and_asks_anew_each_time(client):
    """A notice of the general office: its HR officer reads it, who held the role before and the finance section's
    officer do not; the honour's kind lets nobody."""
    bureau = office()
    general, finance = section("办公室", bureau), section("财务处", bureau)
    member = CadreFactory(unit=general, name="组员")
    former, successor, elsewhere = AccountFactory(name="前任"), AccountFactory(name="继任"), AccountFactory(name="外处")
    held = people.grant_role(account=former, role=Role.HR, unit=general, valid_from=LONG_AGO, actor=None)
    grant(successor, Role.HR, general)
    grant(elsewhere, Role.HR, finance)
    kinds()[NOTICE] = replace(
        kinds()[NOTICE], may_read=lambda account, pk: visible(account, Cadre, action="change").filter(pk=pk).exists()
    )
    because = Ref("people.cadre", member.pk, "")
    notice = issued(kind=NOTICE, to=Ref.to(member), because=because, actor=former)
    honour = issued(kind=HONOUR, to=Ref.to(member), because=because, actor=former)

    def answers(document):
        found = {}
        for account in (former, successor, elsewhere, member.account):
            client.force_login(account)
            found[account.name] = status(client, document)
        return found

    assert answers(notice) == {"前任": 200, "继任": 200, "外处": 404, "组员": 200}
    people.end_role(grant=held, last_day=LONG_AGO, actor=None)
    assert answers(notice) == {"前任": 404, "继任": 200, "外处": 404, "组员": 200}
    assert answers(honour) == {"前任": 404, "继任": 404, "外处": 404, "组员": 200}
    client.force_login(successor)
    assert list(client.get("/documents/").context["documents"]) == []  # one's own list stays one's own


def test_a_document_from_before_the_account_is_its_holders_all_the_same(client):
    bureau = office()
    late, colleague = CadreFactory(unit=bureau, name="晚开户", account=None), CadreFactory(unit=bureau)
    paper = issued(to=Ref.to(late))
    theirs = issued(to=Ref.to(colleague))
    same_number = issued(to=Ref("elsewhere.row", late.pk, "他人"))  # another room's row of the same number
    assert paper.holder_account is None
    account = people.open_account(username="late", name=late.name, password="x", cadre=late, actor=None)
    Account.objects.update(must_change_password=False)
    client.force_login(account)
    assert list(client.get("/documents/").context["documents"]) == [paper]
    assert [status(client, document) for document in (paper, theirs, same_number)] == [200, 404, 404]
    client.force_login(colleague.account)
    assert list(client.get("/documents/").context["documents"]) == [theirs]


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


@pytest.mark.parametrize(
    "typed", ["9" * 19, "9" * 30, "9" * 5000, "x", "-1", "٣", "²", ""], ids=lambda typed: typed[:20]
)
def test_what_is_no_place_in_a_list_shows_its_first_page(client, zhou, paper, typed):
    client.force_login(zhou)
    response = client.get("/documents/", {"before": typed})
    assert response.status_code == 200 and list(response.context["documents"]) == [paper]


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


def revoke(*words):
    call_command("revoke", *words)


def test_the_counter_revokes_a_document_by_its_serial_as_typed(client, paper, zhou, capsys):
    typed = paper.serial.lower()
    revoke(typed, "--reason", "姓名有误")
    today = clock.today().isoformat()
    assert json.loads(capsys.readouterr().out) == {"serial": paper.serial, "revoked_on": today}
    row = IssuedDocument.objects.get()
    assert (row.is_revoked, row.revoked_reason) == (True, "姓名有误")
    entry = Entry.objects.get(event="document.revoked")
    assert (entry.actor_name, entry.target_name) == ("命令行", str(paper))
    client.force_login(zhou)
    assert "姓名有误" in client.get("/documents/").content.decode()


def test_the_counter_is_told_why_nothing_was_revoked(paper):
    with pytest.raises(CommandError, match="没有编号为 RY-2026-0000000000 的文书"):
        revoke("RY-2026-0000000000", "--reason", "姓名有误")
    with pytest.raises(CommandError, match="请写明撤销原因"):
        revoke(paper.serial, "--reason", "  ")
    with pytest.raises(CommandError, match="500 字以内"):
        revoke(paper.serial, "--reason", "长" * 501)
    assert not IssuedDocument.objects.get().is_revoked
    revoke(paper.serial, "--reason", "长" * 500)
    with pytest.raises(CommandError, match="已经撤销"):
        revoke(paper.serial, "--reason", "再撤一次")
    assert Entry.objects.filter(event="document.revoked").count() == 1
