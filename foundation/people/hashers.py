"""Argon2id with OWASP's minimum: 19 MiB, t=2, p=1 (settled.md: about 20 ms; Django's defaults cost 180)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class HouseArgon2(Argon2PasswordHasher):
    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
