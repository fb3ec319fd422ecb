"""Submitted files -> Document: the only stage that opens them."""

from pipeline.ingest.submission import files_of, page_picture, read_submission

VERSION = 2
"""To be raised with every change of what is read, so that results are recomputed."""

INBOX_KINDS = ("pdf", "tiff", "png", "jpeg")
"""Kinds of files that a queue may hold, by content."""

__all__ = ["INBOX_KINDS", "VERSION", "files_of", "page_picture", "read_submission"]
