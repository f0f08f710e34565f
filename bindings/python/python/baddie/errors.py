"""What goes wrong, by kind. Rely on the class and on ``code``; the message is for people."""

from __future__ import annotations

from typing import Dict, Optional, Type

__all__ = [
    "Conflict", "Error", "Forbidden", "Internal", "Invalid", "NotFound", "Refused", "TooMany", "Unauthenticated",
    "Unavailable",
]


class Error(Exception):
    """Whatever the engine refuses or cannot do."""

    kind = "internal"

    def __init__(
        self,
        message: str,
        code: str = "internal",
        field: Optional[str] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(message)
        #: What the caller may read.
        self.message = message
        #: A stable name such as ``orders.out_of_stock``.
        self.code = code
        #: The field of the request that is to blame, such as ``lines[0].qty``.
        self.field = field
        #: Seconds after which trying again may help; ``None`` when it never will.
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return type(self), (self.message, self.code, self.field, self.retry_after)

    def __str__(self) -> str:
        return f"{self.message} ({self.code})"


class Invalid(Error):
    """The request is malformed: a field is missing, unreadable or out of range."""

    kind = "invalid"


class Unauthenticated(Error):
    """The token is unknown or no longer valid."""

    kind = "unauthenticated"


class Forbidden(Error):
    """The actor may not do this."""

    kind = "forbidden"


class NotFound(Error):
    """The thing named does not exist."""

    kind = "not_found"


class Conflict(Error):
    """The present state does not allow this: stock is gone, somebody was faster."""

    kind = "conflict"


class Refused(Error):
    """A rule of the business refuses it."""

    kind = "refused"


class TooMany(Error):
    """Too many requests; try again later."""

    kind = "too_many"


class Unavailable(Error):
    """Something the engine depends on does not answer; try again later."""

    kind = "unavailable"


class Internal(Error):
    """A defect or a damaged store."""

    kind = "internal"


_KINDS: Dict[str, Type[Error]] = {
    one.kind: one
    for one in (Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Refused, TooMany, Unavailable, Internal)
}


def of_kind(kind: str, code: str, message: str, field: Optional[str], retry_after: Optional[float]) -> Error:
    """The exception for an error of this kind."""
    return _KINDS.get(kind, Internal)(message, code, field, retry_after)
