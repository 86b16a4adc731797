"""An optional password in front of everything: HTTP Basic against a file of salted hashes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
import os
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from anyio import CapacityLimiter, to_thread

from qa.errors import QAError
from qa.limits import App, Buckets, Receive, Scope, Send, client_of, refuse

_N, _R, _P = 1 << 14, 8, 5  # scrypt: 16 MB and about a quarter of a second for each guess
_MEMORY = 64 << 20  # bytes that scrypt may take
_FAILURES, _BURST = 6, 10  # wrong passwords a minute and client, and at once
_REMEMBERED = 256  # right ones that are not hashed again
_LONGEST = 1024  # characters of a password, so that none is work to hash
_OPEN = ("/healthz",)  # says nothing but that the server runs
_CHALLENGE = 'Basic realm="On the Record", charset="UTF-8"'


@dataclass(frozen=True, slots=True)
class _Hash:
    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> _Hash:
        salt = os.urandom(16)
        return cls(_N, _R, _P, salt, _scrypt(password, salt, _N, _R, _P))

    @classmethod
    def parse(cls, text: str) -> _Hash:
        """Raises ValueError."""
        kind, n, r, p, salt, digest = text.split("$")
        plain = (base64.b64decode(part, validate=True) for part in (salt, digest))
        found = cls(int(n), int(r), int(p), *plain)
        if kind != "scrypt" or 128 * found.n * found.r * found.p > 16 * _MEMORY or len(found.digest) != 32:
            raise ValueError(text)
        found.matches("")  # parameters that scrypt takes
        return found

    def __str__(self) -> str:
        salt, digest = (base64.b64encode(part).decode() for part in (self.salt, self.digest))
        return f"scrypt${self.n}${self.r}${self.p}${salt}${digest}"

    def matches(self, password: str) -> bool:
        return hmac.compare_digest(_scrypt(password, self.salt, self.n, self.r, self.p), self.digest)


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(typed, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def line_for(name: str, password: str) -> str:
    """The line "name:hash" of a file for ``--auth``. Raises QAError."""
    if not name or ":" in name or not name.isprintable() or name != name.strip() or name.startswith("#"):
        raise QAError(f"{name!r} cannot be a name: it needs letters, and no colon")
    if not 0 < len(password) <= _LONGEST:
        raise QAError(f"the password must have 1 to {_LONGEST} characters")
    return f"{name}:{_Hash.of(password)}"


class Accounts:
    """Names and hashed passwords. An unknown name costs as much time as a known one."""

    def __init__(self, hashes: Mapping[str, _Hash]) -> None:
        self._hashes = dict(hashes)
        self._nobody = _Hash.of(os.urandom(16).hex())

    def admits(self, name: str, password: str) -> bool:
        known = self._hashes.get(name)
        right = (known or self._nobody).matches(password[:_LONGEST])
        return right and known is not None and len(password) <= _LONGEST


def read_accounts(path: Path) -> Accounts:
    """Lines "name:hash" as `qa password NAME` prints them; blank ones and those with # are skipped. Raises QAError."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QAError(f"{path}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from None
    hashes: dict[str, _Hash] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, text = line.strip().partition(":")
        try:
            hashes[name] = _Hash.parse(text)
        except (ValueError, binascii.Error):
            raise QAError(f"{path}: line {number} is not name:hash; python -m qa password NAME prints one") from None
    if not hashes:
        raise QAError(f"{path}: nobody is in it; python -m qa password NAME prints a line for it")
    return Accounts(hashes)


class BasicAuth:
    """Asks for name and password before anything else is answered, and slows down who guesses."""

    def __init__(self, app: App, accounts: Accounts) -> None:
        self._app = app
        self._accounts = accounts
        self._failures = Buckets(_FAILURES, _BURST)
        self._known: OrderedDict[bytes, None] = OrderedDict()
        self._secret = os.urandom(32)
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _OPEN:
            return await self._app(scope, receive, send)
        given = next((value for name, value in scope["headers"] if name.lower() == b"authorization"), b"")
        client = client_of(scope)
        if not self._is_known(given):
            if not given:
                return await refuse(send, 401, "A name and a password are needed.", www_authenticate=_CHALLENGE)
            if wait := math.ceil(self._failures.wait(client)):
                return await refuse(send, 429, f"Too many wrong passwords; wait {wait} s.", retry_after=str(wait))
            self._failures.take(client)  # given back if it is right: guesses sent at once must not all pass
            if not await self._admits(given):
                return await refuse(send, 401, "The name or the password is wrong.", www_authenticate=_CHALLENGE)
            self._failures.take(client, -1)
            self._remember(given)
        return await self._app(scope, receive, send)

    async def _admits(self, given: bytes) -> bool:
        if (pair := _pair(given)) is None:
            return False
        if self._limiter is None:  # made here, where an event loop runs
            self._limiter = CapacityLimiter(1)
        return await to_thread.run_sync(self._accounts.admits, *pair, limiter=self._limiter)

    def _key(self, given: bytes) -> bytes:
        return hmac.digest(self._secret, given, "sha256")

    def _is_known(self, given: bytes) -> bool:
        return self._key(given) in self._known

    def _remember(self, given: bytes) -> None:
        self._known[self._key(given)] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _pair(given: bytes) -> tuple[str, str] | None:
    kind, _, encoded = given.partition(b" ")
    if kind.lower() != b"basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None
