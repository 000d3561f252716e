"""Every error `classifiers` raises on purpose.

ClassifierError(ValueError)
├── ModelFileError   a model file that cannot be trusted or does not fit: build the model again
├── GlossaryError    a topic or glossary that makes no sense
├── BaselineError    a seed article and its labels that do not fit each other
└── ExamplesError    a file of written examples with a line that makes no sense

Each carries `reason`, one sentence for a person, and `fix`, which may be empty. Wrong arguments
raise ValueError, TypeError or scikit-learn's NotFittedError, as in any estimator.
"""


class ClassifierError(ValueError):
    """Something `classifiers` can explain; `reason` is one sentence for a person."""

    def __init__(self, reason: str, *, fix: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


class ModelFileError(ClassifierError):
    """A model file that cannot be trusted or does not fit; the model must be built again."""


class GlossaryError(ClassifierError):
    """A topic or glossary that makes no sense."""


class BaselineError(ClassifierError):
    """A seed article and its labels that do not fit each other."""


class ExamplesError(ClassifierError):
    """A file of written examples with a line that makes no sense."""
