"""The sealer's chain names whoever changed, removed or slipped in an entry, on both databases."""

import contextlib
import datetime as dt
import json
import threading

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from foundation.audit import actions
from foundation.audit.models import Entry, Seal, Segment
from foundation.audit.queries import settled, unsealed
from foundation.audit.record import record
from foundation.audit.rules import GENESIS, link
from foundation.offers import clock
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def heads(tmp_path, settings):
    """The heads file of this test."""
    settings.AUDIT_HEADS = tmp_path / "outside" / "heads.jsonl"
    return settings.AUDIT_HEADS


@pytest.fixture
def clerk():
    return AccountFactory(name="周立新")


def write(clerk, *numbers):
    """An entry for each number, in the trail's own way; returns their ids."""
    with transaction.atomic():
        return [
            record("role.granted", target=clerk, actor=clerk, number=n, nested={"b": 1, "a": "甲"}).pk for n in numbers
        ]


def seal(now=None):
    return actions.seal(now=now or clock.now())


@contextlib.contextmanager
def as_owner_of(*tables):
    """What only the owner of the tables can do: the triggers step aside."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only_{table}")
            yield cursor
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only_{table}")
            return
        found = []
        for table in tables:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type='trigger' AND name LIKE %s", [f"append_only_{table}_%"]
            )
            found += cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f"DROP TRIGGER {name}")
        yield cursor
        for _name, sql in found:
            cursor.execute(sql)


def verify(capsys):
    """The command's answer and its exit code, as contracts.md fixes them."""
    capsys.readouterr()
    code = 0
    try:
        call_command("verify_audit")
    except SystemExit as stop:
        code = stop.code
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert list(answer) == ["entries", "sealed", "first_broken"]
    assert out.count("\n") == 1 and bool(err) == bool(code) == (answer["first_broken"] is not None)
    return answer, code


def test_a_whole_trail_is_found_whole_and_what_waits_is_not_broken(clerk, capsys):
    assert verify(capsys) == ({"entries": 0, "sealed": 0, "first_broken": None}, 0)
    ids = write(clerk, 1, 2, 3)
    assert seal() == 3
    write(clerk, 4)
    assert verify(capsys) == ({"entries": 4, "sealed": 3, "first_broken": None}, 0)
    assert seal() == 1
    assert seal() == 0
    assert verify(capsys) == ({"entries": 4, "sealed": 4, "first_broken": None}, 0)
    assert list(Segment.objects.order_by("number").values_list("number", "count")) == [(1, 3), (2, 1)]
    assert list(Seal.objects.filter(segment=1).order_by("position").values_list("entry_id", flat=True)) == ids


def test_a_batch_is_a_segment_and_each_goes_on_from_the_one_before(clerk, monkeypatch, capsys):
    monkeypatch.setattr(actions, "BATCH", 2)
    write(clerk, 1, 2, 3, 4, 5)
    assert seal() == 5
    first, second, third = Segment.objects.order_by("number")
    assert [first.count, second.count, third.count] == [2, 2, 1]
    assert [first.previous_head, second.previous_head, third.previous_head] == [GENESIS, first.head, second.head]
    assert verify(capsys) == ({"entries": 5, "sealed": 5, "first_broken": None}, 0)


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = '王芳'",
        "at = '2020-01-01 00:00:00.000001+00:00'",
        "target_id = '0'",
        "actor_id = NULL",
        """data = '{"number": 2, "nested": {"b": 1, "a": "乙"}}'""",
    ],
)
def test_one_altered_entry_is_named(change, clerk, capsys):
    ids = write(clerk, 1, 2, 3, 4)
    seal()
    with as_owner_of("audit_entry") as cursor:
        cursor.execute(f"UPDATE audit_entry SET {change} WHERE id = %s", [ids[1]])
    assert verify(capsys) == ({"entries": 4, "sealed": 4, "first_broken": ids[1]}, 1)


def test_two_altered_entries_are_both_told_and_the_first_is_named(clerk, monkeypatch, capsys):
    monkeypatch.setattr(actions, "BATCH", 2)
    ids = write(clerk, 1, 2, 3, 4)
    seal()
    with as_owner_of("audit_entry") as cursor:
        cursor.execute("UPDATE audit_entry SET event = 'role.ended' WHERE id IN (%s, %s)", [ids[1], ids[3]])
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    out, err = capsys.readouterr()
    assert json.loads(out)["first_broken"] == ids[1]
    assert err.splitlines() == [
        f"第 {ids[1]} 号记录（第 1 段）：记录与封存时不一致",
        f"第 {ids[3]} 号记录（第 2 段）：记录与封存时不一致",
    ]


def test_an_entry_that_cannot_even_be_read_is_named(clerk, capsys):
    ids = write(clerk, 1, 2, 3)
    seal()
    # PostgreSQL keeps its types; its nearest thing is a moment beyond Python's calendar
    garbage = "'294000-01-01'" if connection.vendor == "postgresql" else "'gestern'"
    with as_owner_of("audit_entry") as cursor:
        cursor.execute(f"UPDATE audit_entry SET at = {garbage} WHERE id = %s", [ids[1]])
    assert verify(capsys) == ({"entries": 3, "sealed": 3, "first_broken": ids[1]}, 1)


def test_a_deleted_entry_is_named(clerk, capsys):
    ids = write(clerk, 1, 2, 3)
    seal()
    with as_owner_of("audit_entry") as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE id = %s", [ids[1]])
    assert verify(capsys) == ({"entries": 2, "sealed": 2, "first_broken": ids[1]}, 1)


def write_at(clerk, number):
    """An entry with a number of one's choice, past the sequence."""
    Entry.objects.create(
        pk=number, at=clock.now(), event="role.granted", actor_name="", target_label="people.account",
        target_id=str(clerk.pk), target_name=str(clerk),
    )  # fmt: skip


def test_an_entry_slipped_in_with_a_seal_of_its_own_breaks_the_chain_at_the_next(clerk, capsys):
    for number in (10, 20, 40):
        write_at(clerk, number)
    seal()
    write_at(clerk, 30)
    forged = link(Seal.objects.get(entry_id=20).digest, Entry.objects.get(pk=30).facts)
    with as_owner_of("audit_seal") as cursor:
        cursor.execute("UPDATE audit_seal SET position = 4 WHERE entry_id = 40")
        cursor.execute(
            "INSERT INTO audit_seal (entry_id, segment_id, position, digest) VALUES (30, 1, 3, %s)", [forged]
        )
    assert verify(capsys) == ({"entries": 4, "sealed": 4, "first_broken": 40}, 1)


def test_an_entry_slipped_in_behind_the_chain_is_named_once_no_honest_one_could_come(clerk, capsys):
    now = clock.now()
    write_at(clerk, 10)
    write_at(clerk, 20)
    seal(now)
    write_at(clerk, 30)
    seal(now + DAY)
    write_at(clerk, 15)
    assert seal(now + DAY) == 0
    assert verify(capsys) == ({"entries": 4, "sealed": 3, "first_broken": 15}, 1)


def rewrite_from(number):
    """Lay the whole chain anew over what stands in the tables from this segment on: it fits in itself."""
    head = (
        Segment.objects.filter(number__lt=number).order_by("-number").values_list("head", flat=True).first() or GENESIS
    )
    with as_owner_of("audit_segment", "audit_seal"):
        for segment in Segment.objects.filter(number__gte=number).order_by("number"):
            segment.previous_head = digest = head
            for one in segment.seals.order_by("position"):
                digest = link(digest, Entry.objects.get(pk=one.entry_id).facts)
                Seal.objects.filter(pk=one.pk).update(digest=digest)
            head = link(digest, segment.facts)
            Segment.objects.filter(pk=segment.pk).update(previous_head=segment.previous_head, head=head)


def test_a_chain_rewritten_to_the_end_fits_in_itself_but_not_the_exported_heads(clerk, monkeypatch, capsys, heads):
    monkeypatch.setattr(actions, "BATCH", 2)
    ids = write(clerk, 1, 2, 3, 4, 5, 6)
    seal()
    with as_owner_of("audit_entry") as cursor:
        cursor.execute("UPDATE audit_entry SET actor_name = '王芳' WHERE id = %s", [ids[3]])
    rewrite_from(2)
    assert verify(capsys) == ({"entries": 6, "sealed": 6, "first_broken": ids[2]}, 1)  # segment 2 begins there
    heads.unlink()  # the witness is silenced too: that is told as well
    assert verify(capsys) == ({"entries": 6, "sealed": 6, "first_broken": ids[0]}, 1)


def test_a_segment_resealed_alone_does_not_fit_the_next(clerk, monkeypatch, capsys, heads):
    monkeypatch.setattr(actions, "BATCH", 2)
    ids = write(clerk, 1, 2, 3, 4)
    seal()
    with as_owner_of("audit_segment"):
        Segment.objects.filter(number=1).update(head="f" * 64)
    assert verify(capsys) == ({"entries": 4, "sealed": 4, "first_broken": ids[0]}, 1)


def test_a_tail_cut_off_with_its_seals_is_named_by_the_exported_heads(clerk, monkeypatch, capsys):
    monkeypatch.setattr(actions, "BATCH", 2)
    ids = write(clerk, 1, 2, 3, 4)
    seal()
    with as_owner_of("audit_entry", "audit_segment", "audit_seal") as cursor:
        cursor.execute("DELETE FROM audit_seal WHERE segment_id = 2")
        cursor.execute("DELETE FROM audit_segment WHERE number = 2")
        cursor.execute("DELETE FROM audit_entry WHERE id >= %s", [ids[2]])
    assert verify(capsys) == ({"entries": 2, "sealed": 2, "first_broken": ids[2]}, 1)


def test_a_line_cut_off_by_a_power_failure_is_written_again(clerk, capsys, heads):
    write(clerk, 1)
    seal()
    heads.write_bytes(heads.read_bytes() + b'{"segment": 2, "he')
    write(clerk, 2)
    seal()
    assert verify(capsys) == ({"entries": 2, "sealed": 2, "first_broken": None}, 0)
    lines = heads.read_text().splitlines()
    assert [json.loads(lines[n])["segment"] for n in (0, 2)] == [1, 2]


def test_an_export_left_out_by_a_dead_process_is_made_up_for(clerk, capsys, heads, monkeypatch):
    write(clerk, 1)
    seal()
    with monkeypatch.context() as dying:
        dying.setattr(actions.heads, "export", lambda: None)
        write(clerk, 2)
        seal()
    assert verify(capsys)[1] == 0  # not exported yet is not broken
    write(clerk, 3)
    seal()
    assert [json.loads(line)["segment"] for line in heads.read_text().splitlines()] == [1, 2, 3]


def test_a_heads_file_that_is_gone_begins_anew_and_the_trail_tells_of_it(clerk, capsys, heads):
    [first, _second] = write(clerk, 1, 2)
    seal()
    heads.unlink()
    assert verify(capsys) == ({"entries": 2, "sealed": 2, "first_broken": first}, 1)
    seal()
    assert verify(capsys) == ({"entries": 3, "sealed": 3, "first_broken": None}, 0)
    assert Entry.objects.get(event="audit.heads_restarted").data == {"segments": 1}


def test_a_line_missing_in_the_middle_is_told(clerk, monkeypatch, capsys, heads):
    monkeypatch.setattr(actions, "BATCH", 1)
    ids = write(clerk, 1, 2, 3)
    seal()
    lines = heads.read_text().splitlines(keepends=True)
    heads.write_text(lines[0] + lines[2])
    assert verify(capsys) == ({"entries": 3, "sealed": 3, "first_broken": ids[1]}, 1)


def test_seals_and_segments_grow_only(clerk):
    write(clerk, 1)
    seal()
    for model, change in ((Entry, {"event": "x"}), (Segment, {"head": "x"}), (Seal, {"digest": "x"})):
        for attempt in (lambda rows, to: rows.update(**to), lambda rows, _to: rows._raw_delete("default")):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                attempt(model.objects.all(), change)
    assert (Entry.objects.count(), Segment.objects.count(), Seal.objects.count()) == (1, 1, 1)


def test_seal_audit_says_what_it_did(clerk, capsys):
    call_command("seal_audit")
    assert json.loads(capsys.readouterr().out) == {"sealed": 0, "segment": None, "head": None}
    write(clerk, 1, 2)
    call_command("seal_audit")
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"sealed": 2, "segment": 1, "head": Segment.objects.get().head}


def test_microseconds_nesting_and_every_kind_of_value_come_back_as_they_were_sealed(clerk, capsys):
    with transaction.atomic():
        record(
            "role.granted",
            target=clerk,
            actor=None,
            z=[1, 0.1, 1e16, 1e-7, -0.0, 2**60, True, None],
            a={"二": {"丙": "\U00020000", "甲": "\t\"\\'"}, "一": ""},
        )
    seal()
    assert verify(capsys) == ({"entries": 1, "sealed": 1, "first_broken": None}, 0)


def test_an_act_that_is_rolled_back_leaves_no_entry(clerk):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("role.granted", target=clerk, actor=clerk)
        raise ZeroDivisionError
    assert Entry.objects.count() == 0 and unsealed().count() == 0


def in_threads(*works):
    """Run the works at once, each with a connection of its own; what one raises is raised here."""
    failures = []

    def run(work):
        try:
            work()
        except BaseException as failure:  # noqa: BLE001  told in the test's own thread below
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_do_no_harm(clerk, monkeypatch, capsys, heads):
    monkeypatch.setattr(actions, "BATCH", 50)
    ids = write(clerk, *range(500))
    gate = threading.Barrier(2)
    sealed = []

    def work():
        gate.wait()
        sealed.append(seal())

    in_threads(work, work)
    assert sum(sealed) == 500
    assert list(Seal.objects.order_by("segment", "position").values_list("entry_id", flat=True)) == ids
    numbers = [json.loads(line)["segment"] for line in heads.read_text().splitlines()]
    assert numbers == list(range(1, Segment.objects.count() + 1))
    assert verify(capsys) == ({"entries": 500, "sealed": 500, "first_broken": None}, 0)


@pytest.mark.django_db(transaction=True)
def test_a_lower_number_that_shows_late_is_sealed_next_and_nobody_waits_for_it(clerk, capsys):
    """PostgreSQL: two real connections. SQLite has one writer at a time: the late number is put there by hand."""
    written, sealed = threading.Event(), threading.Event()
    late = []

    def slow_act():
        with transaction.atomic():
            late.extend(write(clerk, 1))
            written.set()
            assert sealed.wait(20)

    def quick_act_and_sealer():
        assert written.wait(20)
        ids = write(clerk, 2)
        assert late[0] < ids[0]
        assert seal() == 1
        assert list(Seal.objects.values_list("entry_id", flat=True)) == ids
        sealed.set()

    if connection.vendor == "postgresql":
        in_threads(slow_act, quick_act_and_sealer)
    else:
        write_at(clerk, 50)
        assert seal() == 1
        write_at(clerk, 40)
        late.append(40)
    assert verify(capsys) == ({"entries": 2, "sealed": 1, "first_broken": None}, 0)
    assert seal() == 1
    assert Seal.objects.get(segment=2).entry_id == late[0]
    assert verify(capsys) == ({"entries": 2, "sealed": 2, "first_broken": None}, 0)


def test_the_sealer_looks_back_a_day_from_its_last_segment_and_no_further(clerk):
    now = clock.now()
    assert settled() == 0
    [first] = write(clerk, 1)
    seal(now)
    assert settled() == 0  # however long ago that was: the sealer may have stood still
    write(clerk, 2)
    seal(now + DAY)
    assert settled() == first


def test_verification_costs_the_same_queries_a_segment(clerk, monkeypatch, django_assert_num_queries, capsys):
    monkeypatch.setattr(actions, "BATCH", 1)
    for segments, queries in ((1, 11), (3, 15)):
        while Segment.objects.count() < segments:
            write(clerk, 1)
            seal()
        with django_assert_num_queries(queries):
            call_command("verify_audit")
