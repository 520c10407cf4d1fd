"""Who gets what at each of our addresses. An address that is not listed here fails the test.

302 for a visitor is the way to the sign-in page. 403: the role is missing; 404: out of scope, or not there for them.
"""

from dataclasses import dataclass, field

VISITOR, SIGN_IN = "visitor", 302
# accounts of the story in test_matrix.py
PEOPLE = (
    "outsider",
    "member",
    "colleague",
    "head",
    "other_head",
    "leader",
    "hr",
    "finance_hr",
    "committee",
    "editor",
    "trainer",
    "auditor",
    "security",
    "system",
    "discipline",
)


@dataclass(frozen=True)
class Case:
    """What the address answers. rest: to all who are not named; args: keys of the story's rows."""

    name: str
    rest: int
    visitor: int = SIGN_IN
    method: str = "get"
    args: tuple[str, ...] = ()
    data: dict = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)

    def answer(self, who: str) -> int:
        """The status that this person gets. HR of another unit gets what HR gets, and 404 for a row out of scope; the
        discipline officer is nobody special outside of discipline, as an editor is outside of the pages."""
        if who == "finance_hr" and who not in self.named:
            of_hr = self.answer("hr")
            return 404 if self.args and of_hr in (200, 302, 400, 409) else of_hr
        if who == "discipline" and who not in self.named:
            return self.answer("editor")
        return self.visitor if who == VISITOR else self.named.get(who, self.rest)


def only(status: int, *who: str) -> dict[str, int]:
    """The same status for several people."""
    return dict.fromkeys(who, status)


NO_HR = only(403, "editor", "trainer")
NOT_ON_ROSTER = only(403, "outsider", "hr", "committee", "editor", "trainer", "auditor", "security", "system")

CASES = [
    Case("account_login", 302, visitor=200),
    Case("account_logout", 200, visitor=302),
    Case("account_change_password", 200),
    Case("mfa_authenticate", 302),
    Case("people_signin:security", 200),
    Case("people_signin:enrol", 200),
    Case("people_signin:enrol_picture", 404),
    Case("people_signin:renew_codes", 200),
    Case("people_signin:remove_factor", 200),
    Case("people_signin:end_session", 404, method="post", args=("nothing",)),
    Case("people_signin:end_others", 302, method="post"),
    Case("people_signin:idle", 200),
    # only while nobody has an account
    Case("people_signin:first_run", 404, visitor=404),
    Case("people:accounts", 403, named=only(200, "security")),
    Case("people:open_account", 403, named=only(200, "security")),
    Case("people:account", 403, args=("account",), named=only(200, "security")),
    Case("people:grant_role", 403, method="post", args=("account",), named=only(200, "security")),
    Case("people:end_role", 403, args=("grant",), named=only(200, "security")),
    Case("people:switch_account", 403, args=("account",), named=only(200, "security")),
    Case("people:renew_password", 403, args=("account",), named=only(200, "security")),
    Case("people:switch_account", 403, method="post", args=("account",), named=only(302, "security")),
    Case("people:renew_password", 403, method="post", args=("account",), named=only(200, "security")),
    Case("people:end_account_sessions", 403, method="post", args=("account",), named=only(302, "security")),
    Case("people:reset_factor", 403, args=("account",), named=only(200, "security")),
    Case("people:rights", 403, named=only(200, "security")),
    Case("people:system", 403, named=only(200, "system")),
    Case("people:test_mail", 403, method="post", named=only(200, "system")),
    Case("admin_door", 403),
    Case("desk:home", 200),
    Case("desk:refresh", 200),
    Case("desk:home_card", 200),
    Case("desk:me", 200),
    Case("desk:components", 403, named=only(200, "hr", "editor", "trainer", "auditor", "system", "security")),
    Case("desk:settings", 200, visitor=200),
    Case("desk:save_settings", 302, visitor=302, method="post"),
    Case("people:items", 403, named=only(200, "hr")),
    Case("people:complete_item", 403, args=("item",), named=only(200, "hr")),
    Case("people:audit_log", 403, named=only(200, "auditor")),
    Case("people:audit_verify", 403, method="post", named=only(302, "auditor")),
    Case("people:parameters", 403, named=only(200, "hr", "security")),
    Case("people:parameter", 403, args=("parameter",), named=only(200, "hr", "finance_hr", "security")),
    Case("people:withdraw_value", 403, method="post", args=("value",), named=only(302, "hr")),
    # the calendar is the whole office's
    Case("people:workdays", 403, named=only(200, "hr") | only(403, "finance_hr")),
    Case(
        "people:remove_workday", 403, method="post", args=("workday",), named=only(302, "hr") | only(403, "finance_hr")
    ),
    Case("content:search", 200, visitor=200),
    Case("content:suggest", 200, visitor=200),
    Case("notices:list", 200),
    Case("notices:preferences", 200),
    Case("notices:read_all", 302, method="post"),
    Case("notices:open", 404, args=("notice",), named=only(302, "member")),
    Case("jobs:progress", 404, args=("job",), named=only(200, "hr")),
    Case("jobs:cancel", 404, args=("job",), method="post", named=only(302, "hr")),
    Case("jobs:retry", 404, args=("job",), method="post", named=only(302, "hr")),
    Case("jobs:result", 404, args=("done_job",), named=only(200, "hr")),
    Case("documents:mine", 200),
    Case("documents:file", 404, args=("document",), named=only(200, "member", "hr")),
    Case("documents_verify:page", 200, visitor=200),
    Case("documents_verify:offline", 200, visitor=200),
    Case("appraisals:mine", 200),
    Case("appraisals:summary", 404, args=("appraisal",), named=only(200, "member")),
    Case("appraisals:take_back_summary", 404, method="post", args=("appraisal",), named=only(409, "member")),
    # no notice before the result is final
    Case("appraisals:opinion", 404, args=("appraisal",), named=only(409, "member")),
    Case("discipline:mine", 200, named=dict.fromkeys(NOT_ON_ROSTER, 404)),
    Case("appraisals:review", 403, named=only(200, "head", "other_head", "leader")),
    Case(
        "appraisals:review_one", 403, args=("appraisal",), named=only(200, "head", "leader") | only(404, "other_head")
    ),
    # nobody reads the own review
    Case(
        "appraisals:review_one",
        403,
        args=("heads_appraisal",),
        named=only(404, "head", "other_head") | only(200, "leader"),
    ),
    Case("appraisals:committee", 403, named=only(200, "committee")),
    Case("appraisals:committee_cycle", 403, args=("cycle",), named=only(200, "committee")),
    Case("appraisals:decide", 403, method="post", args=("appraisal",), named=only(302, "committee")),
    Case("appraisals:notices", 200),
    Case(
        "appraisals:notice",
        200,
        args=("notice_cycle",),
        named=only(404, "outsider", "hr", "committee", "editor", "trainer", "auditor", "security", "system"),
    ),
    # courses are for people on the roster; others get a page that says so
    Case("courses:list", 200, named=NOT_ON_ROSTER),
    Case("courses:recommended", 200, visitor=200),
    Case("courses:detail", 200, args=("course",), named=NOT_ON_ROSTER),
    Case("courses:lesson", 200, args=("course", "lesson"), named=NOT_ON_ROSTER),
    Case("courses:read", 404, method="post", args=("course", "lesson"), named=NOT_ON_ROSTER),
    Case("courses:quiz", 200, args=("course",), named=NOT_ON_ROSTER),
    Case("courses:quiz_result", 302, args=("course",), named=NOT_ON_ROSTER),
    Case("exams:room", 404, args=("sitting",), named=only(200, "member")),
    Case("exams:save", 404, method="post", args=("sitting",), named=only(400, "member")),
    Case("exams:submit", 404, method="post", args=("sitting",), named=only(302, "member")),
    Case("exams:result", 404, args=("sitting",), named=only(302, "member")),
    Case("hours:ledger", 200, named=NOT_ON_ROSTER),
    Case("hours:card", 200, named=NOT_ON_ROSTER),
    # Wagtail sends whoever may not enter its admin to admin_door, which says 403
    Case("appraisals_admin:cycles", 302, named=only(200, "hr") | NO_HR),
    Case("appraisals_admin:open", 302, named=only(200, "hr") | NO_HR),
    Case("appraisals_admin:cycle", 302, args=("cycle",), named=only(200, "hr") | NO_HR),
    Case(
        "appraisals_admin:start_notice",
        302,
        method="post",
        args=("cycle",),
        named=only(409, "hr") | NO_HR,
    ),
    Case(
        "appraisals_admin:withdraw_notice",
        302,
        method="post",
        args=("cycle",),
        data={"reason": "异议属实"},
        named=only(409, "hr") | NO_HR,
    ),
    Case(
        "appraisals_admin:finalise",
        302,
        method="post",
        args=("cycle",),
        named=only(409, "hr") | NO_HR,
    ),
    *(
        Case(f"appraisals_admin:{name}", 302, args=("cycle", *more), method=method, named=only(status, "hr") | NO_HR)
        for name, more, method, status in (
            ("file_all", (), "post", 409),
            ("approve_quota", (), "get", 200),
            ("add_objection", (), "get", 200),
            ("answer_objection", ("nothing",), "get", 409),
            ("take_in", (), "post", 409),
        )
    ),
    *(
        Case(f"appraisals_admin:{name}", 302, args=("appraisal",), method=method, named=only(status, "hr") | NO_HR)
        for name, method, status in (
            ("person", "get", 200),
            ("waive_summary", "get", 200),
            ("evaluation", "get", 200),
            ("determination", "get", 200),
            ("record_opinion", "get", 200),
            ("reopen", "get", 200),
            ("keep_grade", "get", 200),
            ("return_review", "get", 200),
            ("mark_post", "post", 302),
            ("set_apart", "post", 409),
            ("file", "post", 409),
            ("publicise", "post", 409),
            ("withdraw_correction", "post", 409),
            ("complete_correction", "post", 409),
        )
    ),
    # discipline is not there for anybody else in the back office
    *(
        Case(
            name,
            302,
            args=args,
            named=only(404, "hr", "finance_hr", "editor", "trainer") | only(200, "discipline"),
        )
        for name, args in (
            ("discipline_admin:index", ()),
            ("discipline_admin:add_record", ()),
            ("discipline_admin:add_record_of", ("cadre",)),
            ("discipline_admin:record", ("record",)),
            ("discipline_admin:open_case", ()),
            ("discipline_admin:case", ("case",)),
            ("discipline_admin:close_case", ("case",)),
            ("appraisals_admin:void_record", ("record",)),
            ("appraisals_admin:void_outcome", ("closed_case",)),
        )
    ),
    Case(
        "appraisals_admin:issue",
        302,
        method="post",
        args=("cycle",),
        named=only(409, "hr") | NO_HR,
    ),
    *(
        Case(f"people_admin:{name}", 302, args=args, named=only(200, "hr") | NO_HR)
        for name, args in (
            ("cadres", ()),
            ("new_cadre", ()),
            ("cadre", ("cadre",)),
            ("change_state", ("cadre",)),
            ("correct_cadre", ("cadre",)),
            ("depart", ("cadre",)),
            ("take_back", ("cadre",)),
            ("add_leave", ("cadre",)),
            ("add_assignment", ("cadre",)),
            ("add_relation", ("cadre",)),
            ("end_relation", ("cadre", "relation")),
            ("correct_state", ("state",)),
            ("remove_state", ("state",)),
            ("correct_leave", ("leave",)),
            ("remove_leave", ("leave",)),
            ("correct_assignment", ("assignment",)),
            ("remove_assignment", ("assignment",)),
            ("units", ()),
            ("open_unit", ()),
            ("merge_units", ()),
            ("unit", ("unit",)),
            ("rename_unit", ("unit",)),
            ("move_unit", ("unit",)),
            ("split_unit", ("unit",)),
            ("close_unit", ("unit",)),
            ("correct_unit", ("unit",)),
        )
    ),
    *(
        Case(
            f"exchange_admin:{name}",
            302,
            method=method,
            args=args,
            # a list is every officer's, with the rows of their own scope; an upload is its owner's alone
            named=only(status, "hr", *(["finance_hr"] if "list" in args else [])) | NO_HR,
        )
        for name, method, args, status in (
            ("receive", "get", ("list",), 200),
            ("export", "get", ("list", "xlsx"), 200),
            ("upload", "get", ("upload",), 200),
            ("headings", "get", ("upload",), 200),
            ("check", "post", ("upload",), 302),
            ("confirm", "post", ("upload",), 409),
            ("discard", "post", ("upload",), 302),
            ("marked", "get", ("upload",), 200),
            ("changes", "get", ("upload",), 200),
        )
    ),
    Case(
        "exchange_admin:index", 302, named=only(200, "hr", "finance_hr", "editor", "trainer") | only(403, "discipline")
    ),
    *(
        # the bank's import is the trainers'; a parcel is its owner's alone
        Case(name, 302, method=method, args=args, named=only(other, "hr", "editor") | only(status, "trainer"))
        for name, method, args, status, other in (
            ("exchange_admin:receive_files", "get", ("questions",), 200, 403),
            ("exchange_admin:sample", "get", ("questions",), 200, 403),
            ("exchange_admin:parcel", "get", ("parcel",), 200, 404),
            ("exchange_admin:confirm_parcel", "post", ("parcel",), 409, 404),
        )
    ),
    *(
        Case(name, 302, args=args, named=only(403, "hr", "editor") | only(status, "trainer"))
        for name, args, status in (
            ("banks:index", (), 200),
            ("banks:index_results", (), 200),
            ("banks:add", (), 200),
            ("banks:edit", ("bank",), 200),
            ("banks:inspect", ("bank",), 200),
            ("banks:delete", ("bank",), 302),
            ("banks:history", ("bank",), 200),
            ("banks:history_results", ("bank",), 200),
            ("banks:usage", ("bank",), 200),
            ("questions_admin:add", ("bank",), 200),
            ("questions_admin:export", ("bank",), 200),
            ("questions_admin:revise", ("question",), 200),
            ("exams_admin:index", (), 200),
            ("exams_admin:index_results", (), 200),
            ("exams_admin:add", (), 200),
            ("exams_admin:edit", ("exam",), 200),
            ("exams_admin:copy", ("exam",), 200),
            ("exams_admin:delete", ("exam",), 302),
            ("exams_admin:history", ("exam",), 200),
            ("exams_admin:history_results", ("exam",), 200),
            ("exams_admin:usage", ("exam",), 200),
            ("exam_chooser:choose", (), 200),
            ("exam_chooser:choose_results", (), 200),
            ("exam_chooser:chosen", ("exam",), 200),
            ("exam_chooser:chosen_multiple", (), 200),
            ("exam_chooser:create", (), 200),
        )
    ),
    *(
        Case(name, 302, method="post", args=("question",), named=only(403, "hr", "editor") | only(302, "trainer"))
        for name in ("questions_admin:withdraw", "questions_admin:restore")
    ),
]
CERTIFICATES = (
    ("batches", (), 200),
    ("new", (), 200),
    ("edit", ("batch",), 200),
    ("batch", ("batch",), 200),
    ("employment", (), 200),
    ("slips", (), 200),
    ("gallery", (), 200),
    ("sample", ("kind",), 200),
    ("register", (), 200),
    ("export", (), 200),
    ("document", ("document",), 200),
)
CERTIFICATE_DEEDS = (
    ("preview", (), {}, 200),
    ("add_people", ("batch",), {}, 302),
    ("add_list", ("batch",), {}, 400),
    ("remove_person", ("batch", "recipient"), {}, 302),
    ("issue", ("batch",), {}, 302),
    ("discard", ("batch",), {}, 302),
    ("revoke", ("document",), {"reason": "姓名有误"}, 302),
    ("reissue", ("document",), {"reason": "姓名有误"}, 409),  # its cycle is not final,
)
CASES += [
    *(
        Case(
            f"certificates_admin:{name}",
            302,
            args=args,
            # samples are nobody's papers
            named=only(status, "hr", *(["finance_hr"] if name == "sample" else [])) | NO_HR,
        )
        for name, args, status in CERTIFICATES
    ),
    *(
        Case(f"certificates_admin:{name}", 302, method="post", args=args, data=data, named=only(status, "hr") | NO_HR)
        for name, args, data, status in CERTIFICATE_DEEDS
    ),
]
# addresses of third-party packages, by prefix of the path; what stands behind them is tested where it is ours
THIRD_PARTY = ("admin/", "_util/login/", "^media/")
