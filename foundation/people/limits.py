"""How often somebody may try to sign in; the counts lie in the shared cache, so that every process knows them.

Three limits stand beside each other, so that guessing is stopped but nobody can shut others out:

- an account from one address: H1.lockout_tries, then that address waits for that account. The owner, at another
  computer, is not affected by a colleague who tries names;
- an account from everywhere: four times as many in a shorter time, against guessing from many places;
- an address over all accounts: against one password tried on many names. Behind a proxy, TRUSTED_PROXY_COUNT must be
  right, else the whole office is one address (docs/operations.md).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.offers import clock
from foundation.rulebook.queries import parameter

LOCK = 15 * 60  # seconds
LOCK_EVERYWHERE = 5 * 60
ADDRESS_TRIES, ADDRESS_LOCK = 50, 5 * 60
_APP = "people"


@dataclass(frozen=True)
class Limit:
    """So many tries in so many seconds, for what the key names."""

    name: str
    tries: int
    seconds: int
    key: str

    def rates(self) -> dict[str, str]:
        return {self.name: f"{self.tries}/{self.seconds}s/key"}


@dataclass(frozen=True)
class Refusal:
    """A limit is reached. seconds: until the next try counts again."""

    limit: Limit
    seconds: int

    def __str__(self) -> str:
        minutes = max(1, -(-self.seconds // 60))
        if self.limit.name == "address":
            return _("这台电脑登录失败次数太多，请 %(n)s 分钟后再试。") % {"n": minutes}
        return _("登录失败次数太多，请 %(n)s 分钟后再试。忘记密码请联系安全管理员。") % {"n": minutes}


class Try:
    """One attempt: taken before the password is looked at, so that attempts at once cannot pass together."""

    def __init__(self, request: HttpRequest, limits: list[Limit]) -> None:
        self.request = request
        self.limits = limits
        self.taken: list[ratelimit.RateLimitUsage] = []

    def take(self) -> Refusal | None:
        """Count the attempt; what refuses it, if anything does."""
        for limit in self.limits:
            usage = ratelimit.consume(self.request, app=_APP, action=limit.name, config=limit.rates(), key=limit.key)
            if usage is None:
                self.give_back()
                return Refusal(limit, _seconds_left(self.request, limit))
            self.taken.append(usage)
        return None

    def give_back(self) -> None:
        """It was no failure: the counts are as before."""
        for usage in self.taken:
            usage.rollback()
        self.taken = []

    def succeed(self) -> None:
        """The right password: the failures before it, of this account at this address, are forgotten too."""
        self.give_back()
        first = self.limits[0]
        ratelimit.clear(self.request, app=_APP, action=first.name, config=first.rates(), key=first.key)

    def last(self) -> Refusal | None:
        """The limit that this attempt, as a failure, has just reached."""
        for limit in self.limits:
            if not ratelimit.consume(
                self.request, app=_APP, action=limit.name, config=limit.rates(), key=limit.key, dry_run=True
            ):
                return Refusal(limit, _seconds_left(self.request, limit))
        return None


def sign_in(request: HttpRequest, username: str) -> Try:
    """An attempt with a password; the name need not be anybody's, it is counted all the same."""
    name = username.strip().lower()
    tries = parameter("H1.lockout_tries", on=clock.today())
    address = get_adapter().get_client_ip(request)
    return Try(
        request,
        [
            Limit("account", tries, LOCK, f"{name}|{address}"),
            Limit("everywhere", tries * 4, LOCK_EVERYWHERE, name),
            Limit("address", ADDRESS_TRIES, ADDRESS_LOCK, address),
        ],
    )


def second_factor(request: HttpRequest, account: int) -> Try:
    """An attempt with a code; whoever gets here knows the password, so the account alone counts."""
    tries = parameter("H1.lockout_tries", on=clock.today())
    return Try(request, [Limit("factor", tries, LOCK, str(account))])


def first_run(request: HttpRequest) -> Try:
    """An attempt with the code of the first-run page."""
    return Try(request, [Limit("first_run", 10, LOCK, get_adapter().get_client_ip(request))])


def _seconds_left(request: HttpRequest, limit: Limit) -> int:
    """Until the oldest of the counted tries is forgotten."""
    [rate] = limit.rates().values()
    key = ratelimit.get_cache_key(request, app=_APP, action=limit.name, rate=ratelimit.parse_rate(rate), key=limit.key)
    history = cache.get(key) or [time.time()]
    return max(1, round(history[-1] + limit.seconds - time.time()))
