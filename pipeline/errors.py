"""What can go wrong. Messages name files, pages, lines and keys; never text of a record."""


class ChartgapError(Exception):
    """Base of all errors that chartgap raises on purpose.

    Attributes:
        code: Stable name of the kind of error, e.g. `document.encrypted`.
    """

    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class DocumentError(ChartgapError):
    """A submitted file that cannot be read; the class says why."""

    code = "document.unreadable"


class UnsupportedFormat(DocumentError):
    """By its content it is no PDF, TIFF, PNG or JPEG."""

    code = "document.unsupported"


class EmptyDocument(DocumentError):
    """No bytes, or no pages."""

    code = "document.empty"


class EncryptedDocument(DocumentError):
    """It opens only with a password."""

    code = "document.encrypted"


class DamagedDocument(DocumentError):
    """Its structure is broken and repair did not help, or readers disagree on its pages."""

    code = "document.damaged"


class TooLargeDocument(DocumentError):
    """More pages, pixels, bytes or memory than the limits allow."""

    code = "document.too_large"


class TimedOut(DocumentError):
    """Reading took longer than the limit."""

    code = "document.timeout"


class KnowledgeError(ChartgapError):
    """A table or policy file under `models/` is wrong.

    Attributes:
        file, line: Where (1-based; 0 when the whole file is meant).
        others: What else is wrong in the file, in the order of its lines.
    """

    code = "knowledge.invalid"

    def __init__(
        self, file: str, line: int, reason: str, others: "tuple[KnowledgeError, ...]" = ()
    ) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.others = others
        self.file = file
        self.line = line
        self.reason = reason

    def __reduce__(self) -> tuple[type["KnowledgeError"], tuple[object, ...]]:
        return (type(self), (self.file, self.line, self.reason, self.others))


class UsageError(ChartgapError):
    """The command itself is unusable: no such inbox, no such submission, OUT not writable."""

    code = "usage"


class ToolMissing(ChartgapError):
    """Something the machine must have is not there, e.g. tesseract's language data."""

    code = "tool.missing"
