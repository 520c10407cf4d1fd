"""One's own documents, their files, and the verification page that is open to everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from foundation.documents import actions, queries, rules, signing
from foundation.documents.forms import VerifyForm
from foundation.documents.models import IssuedDocument
from foundation.documents.offline import offline_page
from foundation.documents.verification import Answer, Verdict, is_too_often, verify
from foundation.offers.find import kinds

PAGE = 30


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """证书与文书: the person's own documents, the newest first, 30 a page by keyset."""
    documents = queries.of_holder(request.user)
    before = _key(request.GET.get("before", ""))
    if before is not None:
        documents = documents.filter(pk__lt=before)
    page = list(documents[: PAGE + 1])
    older = page[PAGE - 1].pk if len(page) > PAGE else None
    context = {"documents": page[:PAGE], "older": older, "is_first": before is None}
    return render(request, "documents/mine.html", context)


def _key(typed: str) -> int | None:
    """The keyset's place in an address; None, the first page, for what no database number can be (18 digits fit)."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None


@login_required
@require_safe
def file(request: HttpRequest, serial: str) -> FileResponse:
    """The signed PDF, for its holder and for whom the kind's room lets read it; the opening is recorded."""
    document = get_object_or_404(IssuedDocument, serial=serial)
    if not queries.may_open(request.user, document):
        raise Http404
    path = actions.open_file(document=document, actor=request.user)
    response = FileResponse(path.open("rb"), content_type="application/pdf", as_attachment=True, filename=path.name)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def verify_page(request: HttpRequest) -> HttpResponse:
    """Verify a paper by serial and check code, without signing in and without a script.

    The code's payload stays in the fragment, which the browser keeps to itself: verify.js checks it there.
    """
    form = VerifyForm(request.GET or None)
    answer = None
    status = 200
    if form.is_valid():
        if is_too_often(request):
            answer, status = Answer(Verdict.TOO_OFTEN), 429
        else:
            answer = verify(form.cleaned_data["s"], form.cleaned_data["h"])
    algorithm, pdf_key = signing.pdf_public_key()
    response = render(
        request,
        "documents/verify.html",
        {
            "form": form,
            "answer": answer,
            "public_key": signing.public_key(),
            "key_id": signing.key_id(),
            "pdf_algorithm": algorithm,
            "pdf_key": pdf_key,
            "kinds": {kind.code: str(kind.title) for kind in kinds().values()},
            "printed_hash": rules.grouped(answer.document.facts_hash) if answer and answer.document else "",
        },
        status=status,
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def verify_offline(request: HttpRequest) -> HttpResponse:
    """The verification page as one file, to keep and to give away."""
    response = HttpResponse(offline_page())
    response["Content-Disposition"] = 'attachment; filename="zhixing-verifier.html"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
