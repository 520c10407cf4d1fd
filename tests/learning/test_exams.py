"""Sittings: a frozen paper, a log that loses nothing, a deadline that is the server's."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.audit.models import Entry
from foundation.jobs import actions as jobs
from foundation.jobs.models import Job
from foundation.offers import clock
from foundation.offers.types import Ref, Refused
from learning.exams import actions, queries
from learning.exams.actions import Answer
from learning.exams.enums import MultipleMarking, State
from learning.exams.models import Exam, Sitting, Step
from learning.exams.queries import attempts, paper, review
from learning.questions.enums import Kind
from tests.factories.learning import bank, drafts, exam, right
from tests.factories.people import AccountFactory, CadreFactory, office, section

pytestmark = pytest.mark.django_db
SOURCE = Ref("courses.enrolment", 1, "公务用车管理")
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def zhou():
    return CadreFactory(name="周立新", unit=section("综合保障处", office()))


@pytest.fixture
def chen(zhou):
    return CadreFactory(name="陈静", unit=zhou.unit)


def start(cadre, of=None, *, now=None, source=SOURCE):
    return actions.start_sitting(
        exam=of or exam(),
        cadre=cadre,
        now=now or clock.now(),
        actor=cadre.account,
        source=source,
        return_url="/courses/",
    )


@pytest.fixture
def sitting(zhou):
    """Zhou's, with the paper opened once."""
    return actions.open_paper(sitting=start(zhou), actor=zhou.account)


def save(sitting, *answers, now=None):
    return actions.save_answers(
        sitting=sitting, answers=[Answer(*answer) for answer in answers], now=now or clock.now()
    )


def post(client, sitting, *steps, epoch=None):
    body = {
        "epoch": epoch or sitting.epoch,
        "steps": [dict(zip(("epoch", "slot", "seq", "answer"), step, strict=True)) for step in steps],
    }
    return client.post(reverse("exams:save", args=[sitting.pk]), json.dumps(body), content_type="application/json")


# ---------------------------------------------------------------- starting


def test_a_paper_is_drawn_frozen_and_timed(zhou):
    now = clock.now()
    questions = [*drafts(3, Kind.TRUE_FALSE, key=("B",), label="判"), *drafts(3), *drafts(3, Kind.MULTIPLE, label="多")]
    sitting = start(zhou, exam(bank(questions=questions), question_count=9, minutes=30), now=now)
    assert (sitting.state, sitting.number, sitting.deadline) == (State.IN_PROGRESS, 1, now + 30 * MINUTE)
    slots = list(sitting.slots.select_related("version"))
    assert [slot.version.kind for slot in slots] == ["single"] * 3 + ["multiple"] * 3 + ["true_false"] * 3
    assert {slot.version.stem for slot in slots} == {draft.stem for draft in questions}
    assert all(sorted(slot.option_order) == ["A", "B", "C", "D"] for slot in slots[:6])
    assert all(slot.option_order == ["A", "B"] for slot in slots[6:])


def test_a_second_click_returns_the_open_sitting(zhou, chen):
    quiz = exam()
    first = start(zhou, quiz)
    assert start(zhou, quiz) == first
    assert start(chen, quiz) != first
    assert start(zhou, quiz, source=Ref("courses.enrolment", 2, "另一门课")) != first
    first.pk, first.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_attempts_are_counted(zhou):
    quiz = exam(max_attempts=2)
    for number in (1, 2):
        sitting = start(zhou, quiz)
        assert sitting.number == number
        actions.submit_sitting(sitting=sitting, now=clock.now(), actor=zhou.account)
    with pytest.raises(Refused) as refusal:
        start(zhou, quiz)
    assert refusal.value.code == "attempts_used"
    assert attempts(quiz, zhou, SOURCE).count() == 2


def test_a_bank_that_is_too_small_is_told(zhou):
    """None is saved that asks for too much; and a bank may shrink afterwards."""
    quiz = exam()
    quiz.question_count = 5
    with pytest.raises(Refused, match="只有 4 题，不够抽取 5 题") as refusal:
        actions.save_exam(exam=quiz, actor=None)
    assert refusal.value.code == "bank_too_small"
    quiz.refresh_from_db()
    quiz.bank.questions.filter(pk=quiz.bank.questions.first().pk).update(withdrawn_at=clock.now())
    with pytest.raises(Refused) as refusal:
        start(zhou, quiz)
    assert refusal.value.code == "bank_too_small"
    assert not Sitting.objects.exists()


def test_changing_the_exam_leaves_a_running_sitting_alone(zhou, sitting):
    quiz = Exam.objects.get()
    quiz.minutes, quiz.pass_percent, quiz.grace_seconds = 1, 100, 600
    actions.save_exam(exam=quiz, actor=None)
    sitting.refresh_from_db()
    assert sitting.last_moment == sitting.deadline
    save(sitting, *[(1, slot, 1, key) for slot, key in list(right(sitting).items())[:3]])
    done = actions.submit_sitting(sitting=sitting, now=clock.now() + 10 * MINUTE, actor=zhou.account)
    assert (done.score, done.is_passed) == (6, True)


# ---------------------------------------------------------------- the log


def test_an_older_answer_never_overwrites_and_a_repeat_is_harmless(sitting):
    save(sitting, (1, 1, 2, ("B",)))
    save(sitting, (1, 1, 1, ("A",)), (1, 1, 2, ("B",)))
    save(sitting, (1, 1, 2, ("C",)))
    assert list(Step.objects.order_by("client_seq").values_list("client_seq", "answer")) == [(1, ["A"]), (2, ["B"])]
    assert paper(sitting)[0].chosen == "B"


def test_a_newer_page_goes_before_an_older_one_whatever_its_numbers(zhou, sitting):
    newer = actions.open_paper(sitting=sitting, actor=zhou.account)
    save(newer, (2, 1, 1, ("C",)))
    save(newer, (1, 1, 99, ("A",)), (1, 2, 99, ("B",)))
    assert [question.chosen for question in paper(sitting)] == ["C", "B", "", ""]
    assert Entry.objects.filter(event="sitting.taken_over").count() == 1


def test_what_a_page_was_opened_with_is_not_replaced_by_the_page_before(zhou, sitting):
    """Two tabs: the older one clicks on after the take-over. What counts is what the newer one shows."""
    keys = right(sitting)
    save(sitting, *[(1, slot, 1, key) for slot, key in keys.items()])
    newer = actions.open_paper(sitting=sitting, actor=zhou.account)
    wrong = "B" if keys[1] != ("B",) else "C"
    assert save(newer, (1, 1, 9, (wrong,))).kept == [(1, 1, 9)]
    assert [question.chosen for question in paper(newer)] == [key[0] for key in keys.values()]
    assert Step.objects.filter(epoch=1, slot=1).count() == 2  # nothing is lost
    done = actions.submit_sitting(sitting=newer, now=clock.now(), actor=zhou.account)
    assert (done.score, queries.uncounted(done)) == (8, [])


def test_what_was_answered_offline_before_the_take_over_fills_what_stands_open(zhou, sitting):
    """The phone saved question 1, went offline and answered 2; the second device shows 1 and leads when 2 arrives."""
    save(sitting, (1, 1, 1, ("A",)))
    newer = actions.open_paper(sitting=sitting, actor=zhou.account)
    save(newer, (1, 1, 3, ("D",)), (1, 2, 2, ("B",)))
    assert [question.chosen for question in paper(newer)] == ["A", "B", "", ""]
    save(newer, (2, 2, 1, ("C",)))
    save(newer, (1, 2, 4, ("A",)))
    assert [question.chosen for question in paper(newer)] == ["A", "C", "", ""]


def test_an_answer_keeps_its_origin_through_many_pages(zhou, sitting):
    """So that a page finds out whether what an older one left in the journal is newer than what it shows."""
    save(sitting, (1, 1, 1, ("A",)))
    second = actions.open_paper(sitting=sitting, actor=zhou.account)
    save(second, (1, 1, 2, ("B",)))
    third = actions.open_paper(sitting=second, actor=zhou.account)
    [first, *_others] = paper(third)
    assert (first.chosen, first.epoch, first.client_seq, first.origin) == ("A", 3, 0, (1, 1))
    assert list(Step.objects.filter(client_seq=0).values_list("epoch", "answer")) == [(2, ["A"]), (3, ["A"])]


def test_opening_a_page_makes_no_late_answer_count(zhou):
    sitting = actions.open_paper(sitting=start(zhou, exam(grace_seconds=60)), actor=zhou.account)
    keys = right(sitting)
    save(sitting, (1, 1, 1, keys[1]), now=sitting.deadline)
    save(sitting, (1, 2, 1, keys[2]), now=sitting.last_moment + dt.timedelta(seconds=1))
    newer = actions.open_paper(sitting=sitting, actor=zhou.account)
    assert list(Step.objects.filter(epoch=2).order_by("slot").values_list("slot", "is_late")) == [(1, False), (2, True)]
    done = actions.submit_sitting(sitting=newer, now=sitting.last_moment + MINUTE, actor=None)
    assert done.score == 2


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 4), st.integers(1, 2), st.integers(1, 9)), st.sampled_from("ABCD"), min_size=1
    ),
    st.randoms(use_true_random=False),
)
def test_any_order_of_arrival_ends_in_the_same_paper(sitting, log, random):
    with transaction.atomic():
        actions.open_paper(sitting=sitting, actor=None)
        arrival = [*log, *log]
        random.shuffle(arrival)
        for slot, epoch, seq in arrival:
            save(sitting, (epoch, slot, seq, (log[slot, epoch, seq],)))
        expected = {slot: log[slot, epoch, seq] for slot, epoch, seq in sorted(log)}
        assert {q.slot.number: q.chosen for q in paper(sitting) if q.is_answered} == expected
        assert Step.objects.count() == len(log)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "answer",
    [(1, 5, 1, ("A",)), (1, 1, 1, ("E",)), (1, 1, 1, ("A", "B")), (2, 1, 1, ("A",))],
    ids=["no such slot", "no such option", "two for a single choice", "a page that was never opened"],
)
def test_an_answer_without_a_place_is_left_out_and_holds_up_no_other(sitting, answer):
    saved = save(sitting, answer, (1, 2, 1, ("A",)))
    assert (saved.kept, saved.late, saved.refused) == ([(1, 2, 1)], [], [answer[:3]])
    assert list(Step.objects.values_list("epoch", "slot", "client_seq", "answer")) == [(1, 2, 1, ["A"])]


def test_the_database_refuses_to_change_or_delete_a_step(sitting):
    save(sitting, (1, 1, 1, ("A",)))
    for attempt in (lambda: Step.objects.update(answer=["B"]), lambda: Step.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Step.objects.get().answer == ["A"]


# ---------------------------------------------------------------- deadline and marking


def test_late_answers_are_kept_flagged_and_not_counted(zhou, sitting):
    slot, key = 1, right(sitting)[1]
    save(sitting, (1, slot, 1, key), now=sitting.deadline)
    save(sitting, (1, slot, 2, ()), now=sitting.deadline + dt.timedelta(seconds=1))
    assert list(Step.objects.order_by("client_seq").values_list("is_late", flat=True)) == [False, True]
    done = actions.submit_sitting(sitting=sitting, now=sitting.deadline + MINUTE, actor=None)
    assert (done.score, review(done)[0].chosen) == (2, key[0])
    save(done, (1, 2, 3, right(sitting)[2]), now=sitting.deadline + 2 * MINUTE)
    assert Sitting.objects.get().score == 2
    assert Step.objects.filter(is_late=True).count() == 2


def test_an_exam_may_grant_grace(zhou):
    sitting = actions.open_paper(sitting=start(zhou, exam(grace_seconds=60)), actor=zhou.account)
    in_grace = sitting.deadline + dt.timedelta(seconds=60)
    assert not sitting.is_overdue(in_grace)
    save(sitting, (1, 1, 1, right(sitting)[1]), now=in_grace)
    done = actions.submit_if_overdue(sitting=sitting, now=in_grace + dt.timedelta(seconds=26))
    assert (Step.objects.get().is_late, done.score) == (True, 2)
    assert done.submitted_at == in_grace


def test_the_job_hands_in_what_is_saved_when_the_time_is_up(zhou, chen):
    quiz = exam()
    late = actions.open_paper(sitting=start(zhou, quiz, now=clock.now() - 21 * MINUTE), actor=zhou.account)
    keys = right(late)
    save(late, (1, 1, 1, keys[1]), (1, 2, 1, keys[2]), now=late.deadline - MINUTE)
    save(late, (1, 3, 1, keys[3]), now=late.deadline + dt.timedelta(seconds=5))
    running = start(chen, quiz)
    for _again in range(2):
        jobs.run(jobs.start("exams.submit_overdue", actor=None).pk)
    late.refresh_from_db()
    running.refresh_from_db()
    assert (late.state, late.score, running.state) == (State.RELEASED, 4, State.IN_PROGRESS)
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert Entry.objects.get(event="sitting.submitted").data["by_clock"] is True


def test_an_answer_that_arrived_in_time_counts_though_it_waited_behind_the_worker(zhou, sitting):
    """Zhou's last answer reaches the server in time and waits for the lock; the worker comes first."""
    arrived = clock.now()
    Sitting.objects.update(started_at=arrived - 20 * MINUTE, deadline=arrived + dt.timedelta(microseconds=1))
    jobs.run(jobs.start("exams.submit_overdue", actor=None).pk)
    save(sitting, (1, 1, 1, right(sitting)[1]), now=arrived)
    sitting.refresh_from_db()
    assert (sitting.is_collecting(clock.now()), Step.objects.get().is_late) == (True, False)
    done = actions.submit_if_overdue(sitting=sitting, now=sitting.deadline + dt.timedelta(seconds=26))
    assert (done.state, done.score, done.submitted_at) == (State.RELEASED, 2, sitting.deadline)


def test_one_broken_sitting_does_not_hold_up_the_others(zhou, chen):
    quiz = exam()
    began = clock.now() - 30 * MINUTE
    broken = start(zhou, quiz, now=began - MINUTE)  # the first in line
    whole = start(chen, quiz, now=began)
    broken.slots.update(marks=0)  # a paper that cannot be marked
    job = jobs.start("exams.submit_overdue", actor=None)
    jobs.run(job.pk)
    broken.refresh_from_db()
    whole.refresh_from_db()
    job.refresh_from_db()
    assert (broken.state, whole.state) == (State.IN_PROGRESS, State.RELEASED)
    assert (job.state, job.message) == ("failed", "有 1 份试卷没有收上，其余已收；请系统管理员查看日志。")


def test_part_marks_stay_as_they_were_when_the_sitting_began(zhou):
    quiz = exam(bank(questions=drafts(1, Kind.MULTIPLE, key=("A", "B"))), question_count=1, multiple_marking="part")
    sitting = actions.open_paper(sitting=start(zhou, quiz), actor=zhou.account)
    quiz.multiple_marking = MultipleMarking.ALL_OR_NOTHING
    actions.save_exam(exam=quiz, actor=None)
    save(sitting, (1, 1, 1, right(sitting)[1][:1]))
    assert actions.submit_sitting(sitting=sitting, now=clock.now(), actor=zhou.account).score == 1


def test_handing_in_twice_marks_once(zhou, sitting):
    save(sitting, *[(1, slot, 1, key) for slot, key in right(sitting).items()])
    first = actions.submit_sitting(sitting=sitting, now=clock.now(), actor=zhou.account)
    again = actions.submit_sitting(sitting=sitting, now=clock.now() + MINUTE, actor=zhou.account)
    assert (first.state, first.score, first.max_score, first.is_passed) == (State.RELEASED, 8, 8, True)
    assert (again.submitted_at, again.receipt) == (first.submitted_at, first.receipt)
    assert Entry.objects.filter(event="sitting.submitted").count() == 1


def test_part_marks_by_the_exams_parameter(zhou):
    questions = drafts(2, Kind.MULTIPLE, key=("A", "B"))
    quiz = exam(bank(questions=questions), question_count=2, multiple_marking=MultipleMarking.PART)
    sitting = actions.open_paper(sitting=start(zhou, quiz), actor=zhou.account)
    keys = right(sitting)
    wrong = next(letter for letter in "ABCD" if letter not in keys[2])
    save(sitting, (1, 1, 1, keys[1][:1]), (1, 2, 1, (*keys[2], wrong)))
    done = actions.submit_sitting(sitting=sitting, now=clock.now(), actor=zhou.account)
    assert (done.score, done.max_score, done.is_passed) == (Decimal(1), 4, False)


# ---------------------------------------------------------------- pages


def test_the_room_holds_no_key_and_shows_what_was_saved(client, zhou, sitting):
    save(sitting, (1, 1, 1, ("B",)))
    client.force_login(zhou.account)
    body = client.get(reverse("exams:room", args=[sitting.pk])).content.decode()
    assert body.count("checked") == 1
    assert body.count(" disabled") == 0
    assert '<input type="radio" name="q1" value="B" checked' in body
    assert "见条文" not in body
    assert "公务用车管理办法" not in body


def test_saving_answers_with_the_time_that_is_left(client, zhou, sitting):
    client.force_login(zhou.account)
    reply = post(client, sitting, (1, 1, 1, ["B"]), (1, 2, 2, ["A"])).json()
    assert reply["saved"] == [[1, 1, 1], [1, 2, 2]]
    assert 19 * 60 < reply["remaining_seconds"] <= 20 * 60
    assert (reply["state"], dt.datetime.fromisoformat(reply["server_now"]).utcoffset()) == (
        "in_progress",
        dt.timedelta(hours=8),
    )
    assert Step.objects.count() == 2


def test_an_older_page_is_told_and_its_answers_are_kept(client, zhou, sitting):
    client.force_login(zhou.account)
    client.get(reverse("exams:room", args=[sitting.pk]))
    reply = post(client, sitting, (1, 1, 1, ["B"]))
    assert (reply.status_code, reply.json()["code"], reply.json()["saved"]) == (409, "taken_over", [[1, 1, 1]])
    assert Step.objects.get().answer == ["B"]
    sitting.refresh_from_db()
    assert post(client, sitting).status_code == 200


def test_the_leading_page_learns_what_another_one_delivers_late(client, zhou, sitting):
    newer = actions.open_paper(sitting=sitting, actor=zhou.account)
    save(newer, (2, 1, 1, ("C",)), (1, 1, 5, ("A",)), (1, 2, 6, ("B",)))
    client.force_login(zhou.account)
    reply = post(client, newer, epoch=2).json()
    assert sorted((other["slot"], other["epoch"], other["seq"], other["answer"]) for other in reply["others"]) == [
        (1, 1, 5, ["A"]),
        (2, 1, 6, ["B"]),
    ]


def test_two_tabs_agree_on_what_is_handed_in(client, zhou, sitting):
    """All is right, the second tab is opened last; a click in the first one is kept, told to both, and not counted."""
    client.force_login(zhou.account)
    keys = right(sitting)
    post(client, sitting, *[(1, slot, 1, list(key)) for slot, key in keys.items()])
    shown = client.get(reverse("exams:room", args=[sitting.pk])).content.decode()
    wrong = "B" if keys[1] != ("B",) else "C"
    first_tab = post(client, sitting, (1, 1, 5, [wrong]), epoch=1)
    assert (first_tab.status_code, first_tab.json()["saved"]) == (409, [[1, 1, 5]])
    what_counts = {other["slot"]: (other["epoch"], other["answer"]) for other in first_tab.json()["others"]}
    assert what_counts[1] == (2, list(keys[1]))
    second_tab = post(client, sitting, epoch=2).json()
    assert [other["answer"] for other in second_tab["others"] if other["slot"] == 1] == [[wrong]]
    client.post(reverse("exams:submit", args=[sitting.pk]), {"epoch": 2})
    sitting.refresh_from_db()
    assert (sitting.state, sitting.score) == (State.RELEASED, 8)
    assert all(f'name="q{slot}" value="{key[0]}" checked' in shown for slot, key in keys.items())
    assert all(question.chosen == keys[question.slot.number][0] for question in review(sitting))
    after = post(client, sitting, epoch=1)  # the first tab asks again, and goes to the result
    assert (after.status_code, after.json()["state"]) == (200, "released")


def test_a_page_knows_where_its_answers_come_from(client, zhou, sitting):
    save(sitting, (1, 1, 4, ("A",)))
    client.force_login(zhou.account)
    body = client.get(reverse("exams:room", args=[sitting.pk])).content.decode()
    assert 'data-epoch="2" data-seq="0" data-origin="1:4"' in body
    assert body.count('data-epoch="0" data-seq="0" data-origin="0:0"') == 3


def test_a_refused_step_is_named_and_the_others_of_its_batch_are_saved(client, zhou, sitting):
    client.force_login(zhou.account)
    response = post(client, sitting, (3, 2, 1, ["A"]), (1, 99, 1, ["A"]), (1, 1, 2, ["B"]))
    reply = response.json()
    assert (response.status_code, reply["saved"], reply["late"]) == (200, [[1, 1, 2]], [])
    assert reply["refused"] == [[3, 2, 1], [1, 99, 1]]
    assert list(Step.objects.values_list("slot", "answer")) == [(1, ["B"])]


def test_the_page_is_told_which_answers_were_late(client, zhou, sitting):
    """One came in time and is sent again, one is new: only that one is late."""
    key = right(sitting)
    save(sitting, (1, 1, 1, key[1]))
    Sitting.objects.update(started_at=clock.now() - 20 * MINUTE, deadline=clock.now() - dt.timedelta(seconds=1))
    client.force_login(zhou.account)
    reply = post(client, sitting, (1, 1, 1, list(key[1])), (1, 2, 2, list(key[2]))).json()
    assert (reply["saved"], reply["late"]) == ([[1, 1, 1], [1, 2, 2]], [[1, 2, 2]])
    assert (reply["state"], reply["remaining_seconds"]) == ("in_progress", 0)


def test_while_papers_are_collected_the_room_says_so_and_takes_no_answer(client, zhou, sitting):
    save(sitting, (1, 1, 1, ("B",)))
    Sitting.objects.update(started_at=clock.now() - 20 * MINUTE, deadline=clock.now() - dt.timedelta(seconds=1))
    client.force_login(zhou.account)
    response = client.get(reverse("exams:room", args=[sitting.pk]))
    body = response.content.decode()
    assert "正在收卷" in body
    assert "本页没有运行脚本" not in body
    assert body.count("autocomplete") == body.count("disabled autocomplete") == 16
    assert "data-whole disabled" in body
    assert "data-submit disabled" in body
    sitting.refresh_from_db()
    assert sitting.state == State.IN_PROGRESS


def test_the_browsers_journal_goes_by_a_token_that_is_never_given_twice(client, zhou, chen, sitting):
    """After a restore another person's sitting may have the same number: it must not find Zhou's journal."""
    client.force_login(zhou.account)
    body = client.get(reverse("exams:room", args=[sitting.pk])).content.decode()
    assert f'data-sitting="{sitting.token}"' in body
    fields = {f.attname: getattr(sitting, f.attname) for f in Sitting._meta.fields if f.name != "token"}
    sitting.slots.all().delete()
    sitting.delete()  # the restored database knows nothing of it and gives its number again
    again = Sitting.objects.create(**fields | {"cadre_id": chen.pk})
    assert again.pk == fields["id"]
    client.force_login(chen.account)
    body = client.get(reverse("exams:room", args=[again.pk])).content.decode()
    assert (f'data-sitting="{again.token}"' in body, str(sitting.token) in body) == (True, False)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"epoch": 1}',
        '{"epoch": 0, "steps": []}',
        '{"epoch": 1, "steps": [{"epoch": 1, "slot": 1, "seq": 1, "answer": "A"}]}',
        '{"epoch": 1, "steps": [{"epoch": 1, "slot": 1, "seq": 99999999999, "answer": ["A"]}]}',
    ],
)
def test_nonsense_is_a_bad_request(client, zhou, sitting, body):
    client.force_login(zhou.account)
    response = client.post(reverse("exams:save", args=[sitting.pk]), body, content_type="application/json")
    assert response.status_code == 400
    assert not Step.objects.exists()


def test_a_sitting_is_its_candidates_own(client, zhou, chen, sitting):
    save(sitting, (1, 1, 1, ("B",)))
    for stranger in (chen.account, AccountFactory()):
        client.force_login(stranger)
        assert client.get(reverse("exams:room", args=[sitting.pk])).status_code == 404
        assert client.get(reverse("exams:result", args=[sitting.pk])).status_code == 404
        assert client.post(reverse("exams:submit", args=[sitting.pk]), {"epoch": 1}).status_code == 404
        assert post(client, sitting, (1, 1, 2, ["A"])).status_code == 404
    client.logout()
    assert client.get(reverse("exams:room", args=[sitting.pk])).status_code == 302
    sitting.refresh_from_db()
    assert (sitting.state, sitting.epoch, Step.objects.count()) == (State.IN_PROGRESS, 1, 1)


def test_the_paper_without_script_is_one_form(client, zhou):
    questions = [*drafts(2), *drafts(1, Kind.MULTIPLE, key=("A", "B"), label="多")]
    sitting = start(zhou, exam(bank(questions=questions), question_count=3))
    client.force_login(zhou.account)
    client.get(reverse("exams:room", args=[sitting.pk]))
    keys = right(sitting)
    form = {"epoch": 1, "whole": 1, "q1": keys[1], "q3": keys[3]}
    response = client.post(reverse("exams:submit", args=[sitting.pk]), form)
    assert (response.status_code, response.url) == (302, "/courses/")
    sitting.refresh_from_db()
    assert (sitting.state, sitting.score, sitting.max_score) == (State.RELEASED, 4, 6)
    assert Step.objects.count() == 2


def test_a_form_of_an_older_page_is_kept_but_does_not_hand_in(client, zhou, sitting):
    client.force_login(zhou.account)
    client.get(reverse("exams:room", args=[sitting.pk]))
    response = client.post(reverse("exams:submit", args=[sitting.pk]), {"epoch": 1, "whole": 1, "q1": "A"})
    assert response.status_code == 409
    sitting.refresh_from_db()
    assert (sitting.state, Step.objects.get().answer) == (State.IN_PROGRESS, ["A"])


def test_a_form_of_an_older_page_replaces_nothing_that_the_newer_page_shows(client, zhou, sitting):
    save(sitting, (1, 1, 1, ("B",)))
    newer = actions.open_paper(sitting=sitting, actor=zhou.account)
    client.force_login(zhou.account)
    response = client.post(reverse("exams:submit", args=[sitting.pk]), {"epoch": 1, "whole": 1, "q1": "A", "q2": "C"})
    assert (response.status_code, "以那一页为准" in response.content.decode()) == (409, True)
    assert [question.chosen for question in paper(newer)] == ["B", "C", "", ""]
    assert Step.objects.filter(epoch=1, slot=1).count() == 2


def test_a_paper_without_script_that_comes_late_is_kept_and_the_candidate_is_told(client, zhou, sitting):
    """Zhou saved one answer in time from another page; the long form arrives a second after the deadline."""
    keys = right(sitting)
    save(sitting, (1, 1, 1, keys[1]), now=clock.now() - MINUTE)
    Sitting.objects.update(started_at=clock.now() - 20 * MINUTE, deadline=clock.now() - dt.timedelta(seconds=1))
    client.force_login(zhou.account)
    form = {"epoch": 1, "whole": 1, **{f"q{n}": letters for n, letters in keys.items()}}
    response = client.post(reverse("exams:submit", args=[sitting.pk]), form, follow=True)
    sitting.refresh_from_db()
    assert (sitting.state, sitting.score, sitting.submitted_at) == (State.RELEASED, 2, sitting.deadline)
    assert sorted(Step.objects.values_list("slot", "is_late")) == [(1, False), (2, True), (3, True), (4, True)]
    assert [str(message)[:26] for message in response.context["messages"]] == [
        "有 3 题的答案在截止或交卷之后送达，已留存备查，没"
    ]


def test_a_paper_without_script_is_kept_though_another_page_has_handed_in(client, zhou, sitting):
    newer = actions.open_paper(sitting=sitting, actor=zhou.account)
    actions.submit_sitting(sitting=newer, now=clock.now(), actor=zhou.account)
    client.force_login(zhou.account)
    form = {"epoch": 1, "whole": 1, **{f"q{n}": letters for n, letters in right(sitting).items()}}
    response = client.post(reverse("exams:submit", args=[sitting.pk]), form, follow=True)
    assert sorted(Step.objects.values_list("slot", "is_late")) == [(n, True) for n in range(1, 5)]
    assert Sitting.objects.get().score == 0
    assert "有 4 题" in str(*response.context["messages"])


def test_a_late_form_of_an_older_page_is_not_called_saved(client, zhou, sitting):
    actions.open_paper(sitting=sitting, actor=zhou.account)
    Sitting.objects.update(started_at=clock.now() - 20 * MINUTE, deadline=clock.now() - dt.timedelta(seconds=1))
    client.force_login(zhou.account)
    response = client.post(reverse("exams:submit", args=[sitting.pk]), {"epoch": 1, "whole": 1, "q1": "A"})
    assert (response.status_code, "已留存" in response.content.decode()) == (409, True)
    assert (Step.objects.get().is_late, Sitting.objects.get().state) == (True, State.IN_PROGRESS)


def test_a_form_that_does_not_fit_the_paper_is_not_handed_in(client, zhou, sitting):
    client.force_login(zhou.account)
    form = {"epoch": 1, "whole": 1, "q1": "H", "q2": "A"}
    assert client.post(reverse("exams:submit", args=[sitting.pk]), form).status_code == 409
    assert list(Step.objects.values_list("slot", "answer")) == [(2, ["A"])]
    assert Sitting.objects.get().state == State.IN_PROGRESS


def test_each_look_hands_in_an_overdue_sitting_if_the_worker_is_down(client, zhou, sitting):
    Sitting.objects.update(started_at=clock.now() - 21 * MINUTE, deadline=clock.now() - MINUTE)
    client.force_login(zhou.account)
    reply = post(client, sitting, (1, 1, 1, list(right(sitting)[1]))).json()
    assert (reply["state"], reply["remaining_seconds"], reply["late"]) == ("released", 0, [[1, 1, 1]])
    assert Step.objects.get().is_late
    assert client.get(reverse("exams:room", args=[sitting.pk])).url == "/courses/"


def test_the_result_explains_each_question_after_handing_in(client, zhou, sitting):
    client.force_login(zhou.account)
    address = reverse("exams:result", args=[sitting.pk])
    assert client.get(address).url == reverse("exams:room", args=[sitting.pk])
    keys = right(sitting)
    save(sitting, (1, 1, 1, keys[1]), (1, 2, 1, ("B" if keys[2] != ("B",) else "C",)))
    done = actions.submit_sitting(sitting=sitting, now=clock.now(), actor=zhou.account)
    body = client.get(address).content.decode()
    assert all(words in body for words in ("不合格", "答对", "答错", "未答", "见条文", done.receipt))
    assert [q.slot.number for q in client.get(address, {"only": "wrong"}).context["questions"]] == [2, 3, 4]


def test_the_result_counts_wrong_and_unanswered_apart(client, zhou):
    questions = drafts(4, Kind.MULTIPLE, key=("A", "B"))
    sitting = start(zhou, exam(bank(questions=questions), multiple_marking=MultipleMarking.PART))
    sitting = actions.open_paper(sitting=sitting, actor=zhou.account)
    keys = right(sitting)
    wrong = tuple(letter for letter in "ABCD" if letter not in keys[2])
    save(sitting, (1, 1, 1, keys[1]), (1, 2, 1, wrong), (1, 3, 1, keys[3][:1]))
    actions.submit_sitting(sitting=sitting, now=clock.now(), actor=zhou.account)
    client.force_login(zhou.account)
    response = client.get(reverse("exams:result", args=[sitting.pk]))
    counts = [response.context[f"{name}_count"] for name in ("question", "missed", "wrong", "partly", "unanswered")]
    assert counts == [4, 3, 1, 1, 1]
    body = response.content.decode()
    assert "<dt>答错</dt><dd>1 题，共 4 题</dd>" in body
    assert "<dt>未答</dt><dd>1 题</dd>" in body


def test_pages_ask_the_database_as_often_for_many_questions(client, zhou):
    asked = []
    for count in (1, 4):
        sitting = start(zhou, exam(bank(f"题库{count}"), question_count=count))
        client.force_login(zhou.account)
        client.get(reverse("exams:room", args=[sitting.pk]))
        save(sitting, *[(1, slot, 1, ("A",)) for slot in range(1, count + 1)])
        with CaptureQueriesContext(connection) as room:
            client.get(reverse("exams:room", args=[sitting.pk]))
        actions.submit_sitting(sitting=sitting, now=clock.now(), actor=zhou.account)
        with CaptureQueriesContext(connection) as result:
            client.get(reverse("exams:result", args=[sitting.pk]))
        asked.append((len(room), len(result)))
    assert asked[0] == asked[1]
