"""Errors that a person can read in one line and act on. Programming mistakes stay ValueError."""


class QAError(Exception):
    """Something the user can mend; its message is one line that says what, where and what to do."""


class TranscriptError(QAError):
    """A file that is no transcript we can read."""


class LibraryError(QAError):
    """A library that is missing, damaged, locked or made in another way."""


class NotHeldError(LibraryError):
    """A transcript or speaker that the library does not hold."""


class NotReadyError(LibraryError):
    """Nothing can be asked yet, or too much is being asked at once; later it can."""


class EncoderError(QAError):
    """A model that cannot be loaded or is not the one the library was made with."""


class CitationError(QAError):
    """A citation that cannot be read."""
