"""The two classifications of training (rules.md C2: keep two fields) and the audit events of the ledger."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """公务员培训种类 (公务员法 Art 67)."""

    INDUCTION = "induction", _("初任培训")
    ON_APPOINTMENT = "on_appointment", _("任职培训")
    SPECIALISED = "specialised", _("专门业务培训")
    IN_SERVICE = "in_service", _("在职培训")


class Delivery(TextChoices):
    """培训方式 (干部教育培训工作条例 2023)."""

    OFFJOB = "offjob", _("脱产培训")
    THEORY_STUDY_GROUP = "theory_study_group", _("理论学习中心组")
    ONLINE = "online", _("网络培训")
    SELF_STUDY = "self_study", _("在职自学")


class Event(TextChoices):
    CREDITED = "hours.credited", _("记入学时")
