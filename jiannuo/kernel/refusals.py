"""A refusal is an answer to a person: what is wrong, under which clause, and what to do next."""


class Refused(Exception):
    """The request is not accepted, and the person is told why and what to do."""

    def __init__(
        self,
        message: str,
        *,
        fix: str,
        clause: str = "",
        field: str = "",
        code: str = "refused",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.clause = clause
        self.field = field
        self.code = code

    def as_dict(self) -> dict[str, str]:
        """The refusal in the five words every face shows it with."""
        return {
            "code": self.code,
            "message": self.message,
            "fix": self.fix,
            "clause": self.clause,
            "field": self.field,
        }

    def __reduce__(self) -> tuple[object, ...]:
        # Refusals cross process borders (workers, parallel tests); the default would lose the keywords.
        return (_rebuild, (self.message, self.fix, self.clause, self.field, self.code))


def _rebuild(message: str, fix: str, clause: str, field: str, code: str) -> Refused:
    return Refused(message, fix=fix, clause=clause, field=field, code=code)


class TryLater(Exception):
    """Something outside is down; the same request may succeed later unchanged."""
