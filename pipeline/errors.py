"""Every error chipwire raises on purpose.

ChipwireError
├── ConfigError      a file, key or argument that makes no sense      exit 2
├── StoreError       the database cannot be used as it is             exit 1
│   ├── StoreLocked  another program holds the write lock             exit 75
│   └── StoreTooNew  written by a later chipwire                      exit 2
├── ModelError       a model file that cannot be trusted or does not fit
├── FetchError       no usable response; `reason` says why
├── ParseError       bytes that are no feed
├── ExtractError     a page that yields no article
└── DeliveryError    a channel refused or could not be reached

Each says what happened, why, and how to mend it: `what`, `why`, `fix`. Failures of the
world (a feed that is down) travel as values, not as exceptions; see `pipeline.models`.
"""


class ChipwireError(Exception):
    """Something chipwire can explain: what happened, why, and what to do about it."""

    exit_code = 1

    def __init__(self, what: str, *, why: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        parts = [self.what]
        if self.why:
            parts.append(self.why)
        text = ": ".join(parts).replace(": \n", ":\n")
        return f"{text}\n  fix: {self.fix}" if self.fix else text


class ConfigError(ChipwireError):
    """Configuration or arguments that make no sense; nothing was started."""

    exit_code = 2


class StoreError(ChipwireError):
    """The database cannot be used as it is."""


class StoreLocked(StoreError):
    """Another program holds the write lock; nothing was lost, try again."""

    exit_code = 75


class StoreEmpty(StoreError):
    """A database that was being made when its maker was killed: a file without a table."""


class StoreTooNew(StoreError):
    """The database was written by a later chipwire."""

    exit_code = 2


class ModelError(ChipwireError):
    """A model file that cannot be trusted or does not fit."""


class FetchError(ChipwireError):
    """No usable response; `reason` is one word of `pipeline.models.pages.FetchReason`."""

    def __init__(self, what: str, *, reason: str, why: str = "", fix: str = "") -> None:
        super().__init__(what, why=why, fix=fix)
        self.reason = reason


class ParseError(ChipwireError):
    """Bytes that are no feed."""


class ExtractError(ChipwireError):
    """A page that yields no article."""


class DeliveryError(ChipwireError):
    """A channel refused a digest or could not be reached; `permanent` tells which.

    `everyone` is True where the channel itself is down, whoever the recipient.
    """

    def __init__(
        self, what: str, *, permanent: bool, everyone: bool = False, why: str = "", fix: str = ""
    ) -> None:
        super().__init__(what, why=why, fix=fix)
        self.permanent = permanent
        self.everyone = everyone
