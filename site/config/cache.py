"""The cache that every process shares. Where it is away or slow, each process has its own for a while."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

PATIENCE = 0.2  # seconds for it to answer
PAUSE = 5  # seconds for which it is not asked after that
# Nothing that the site does depends on the cache, so nobody waits for it.
OPTIONS = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": Retry(NoBackoff(), 0)}
READ = frozenset({"get", "get_many", "has_key"})


class Outage:
    """What a process knows of the cache's being away: for all of its threads, which have a connection each."""

    def __init__(self) -> None:
        self.until: float | None = None  # of the monotonic clock; None: it is there
        self.stale: set[str] = set()  # the keys of what it has missed

    @property
    def lasts(self) -> bool:
        """Whether it is not to be asked now."""
        return self.until is not None and time.monotonic() < self.until

    def begin(self, fault: Exception) -> None:
        """Leave it alone. Said once, not with each try."""
        if self.until is None:
            log.warning("the shared cache is away, each process has its own: %s", type(fault).__name__)
        self.until = time.monotonic() + PAUSE

    def end(self) -> None:
        """It is there again."""
        self.until = None
        self.stale.clear()
        log.warning("the shared cache is there again")


class Either:
    """Stands where Django's backend has its client: asks that, and a cache in memory where it fails."""

    def __init__(self, shared: RedisCacheClient, own: LocMemCache, outage: Outage) -> None:
        self.shared, self.own, self.outage = shared, own, outage

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """get, set, delete and so on; the keys are made already."""
        return partial(self._ask, name)

    def _ask(self, name: str, *arguments: Any) -> Any:
        if not self.outage.lasts:
            try:
                self._return()
                return getattr(self.shared, name)(*arguments)
            except (RedisError, OSError) as fault:
                self.outage.begin(fault)
        if name not in READ and arguments:
            keys = arguments[0]
            self.outage.stale |= {keys} if isinstance(keys, str) else set(keys)
        return getattr(self.own, name)(*arguments)

    def _return(self) -> None:
        """After an outage: delete what was written or deleted meanwhile, for there it is as it was before."""
        if self.outage.until is None:
            return
        self.outage.until = time.monotonic() + PAUSE  # one looks, the others don't wait for it
        if self.outage.stale:
            self.shared.delete_many(list(self.outage.stale))
        self.shared.has_key("")
        self.outage.end()


class SharedCache(RedisCache):
    """Redis or Valkey, through Django's backend."""

    outages: dict[str, Outage] = {}

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params | {"OPTIONS": OPTIONS | params.get("OPTIONS", {})})
        self._own = LocMemCache(server, params)
        self._outage = self.outages.setdefault(server, Outage())

    @cached_property
    def _cache(self) -> Either:
        return Either(self._class(self._servers, **self._options), self._own, self._outage)
