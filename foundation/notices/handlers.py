"""Mail about notices: work for jobs."""

from __future__ import annotations

import logging
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.notices.actions import SEND_MAIL
from foundation.notices.enums import Mail
from foundation.notices.models import Notice, known
from foundation.offers.types import Handler, Progress

log = logging.getLogger(__name__)
BATCH = 100


def send_mail(*, actor: Any, progress: Progress) -> None:
    """Send all mail that is due, oldest first.

    A notice is claimed before its mail is sent, so that two workers never send it twice; the claim is taken back where
    sending fails, and the next job tries again. A worker that is killed in between loses that one mail, never the
    notice. An error of the server ends this round: the others would fail as well; mail that it refuses is given up.
    """
    try:
        with get_connection() as connection:
            _send_due(connection, progress)
    except (SMTPException, OSError):
        log.exception("mail about notices could not be sent; the next job tries again")


def _send_due(connection: Any, progress: Progress) -> None:
    done = 0
    while batch := list(known(mail=Mail.DUE).select_related("account").order_by("pk")[:BATCH]):
        for notice in batch:
            if not Notice.objects.filter(pk=notice.pk, mail=Mail.DUE).update(mail=Mail.SENT):
                continue
            try:
                connection.send_messages([_message(notice)])
            except (SMTPRecipientsRefused, SMTPDataError):  # this address or text, not the server: on with the others
                Notice.objects.filter(pk=notice.pk).update(mail=Mail.NONE)
                log.warning("mail about notice %s was refused by the server and is given up", notice.pk)
                continue
            except (SMTPException, OSError):
                Notice.objects.filter(pk=notice.pk).update(mail=Mail.DUE)
                raise
            done += 1
            progress(done, done)


def _message(notice: Notice) -> EmailMessage:
    """In the person's language: the sentence, the way to the page, and how to have no more of them."""
    account = notice.account
    with translation.override(account.language):
        lines = [
            notice.text,
            _("查看：%(url)s") % {"url": settings.BASE_URL + reverse("notices:open", args=[notice.pk])},
            _("不想再收到这类邮件：%(url)s") % {"url": settings.BASE_URL + reverse("notices:preferences")},
        ]
        subject = f"{settings.ZHIXING_SHORT_TITLE}：{notice.offer.title}"
        return EmailMessage(subject=subject, body="\n\n".join(lines), to=[account.email])


HANDLERS = [Handler(kind=SEND_MAIL, title=gettext_lazy("发送通知邮件"), run=send_mail)]
