"""The back office of the learning rooms: for trainers, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permission_policies import BasePermissionPolicy

from foundation.people.back_office import only_for
from foundation.people.enums import Role
from foundation.people.models import Account
from foundation.people.scope import has_role


class TrainersOnly(BasePermissionPolicy):
    """Trainers add, change and look; nobody deletes: sittings hang on banks and exams.

    Asks the role of today, not Django's groups, which are brought in line only at sign-in.
    """

    actions = frozenset({"add", "change", "view", "choose"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.actions and has_role(user, Role.TRAINER)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return bool(self.actions & set(actions)) and has_role(user, Role.TRAINER)

    def users_with_any_permission(self, actions: Any) -> QuerySet[Account]:
        return Account.objects.filter(grants__role=Role.TRAINER).distinct()


class ForTrainers(ViewSet):
    """Mixed into a viewset: each of its views, whatever it is, asks for the role first."""

    def construct_view(self, view_class: Any, **kwargs: Any) -> Callable[..., HttpResponse]:
        return only_for(Role.TRAINER)(super().construct_view(view_class, **kwargs))
