"""The request for information as plain text, addressed to the practice; a person releases it."""

from __future__ import annotations

from textwrap import wrap

from pipeline.places import patient
from pipeline.schema import Case, Document, WhatToSend
from pipeline.wording import printable

WIDTH = 78  # characters: fits a fax page
DRAFT = (
    "DRAFT - NOT SENT. A person must read this, correct it where needed, and release it. "
    "It was written by a program from what it read in the submitted pages."
)
NOTHING = "DRAFT - NOT TO BE SENT. There is nothing that has to be asked of the practice."


def write_request(send: WhatToSend, case: Case, document: Document) -> str:
    """The whole text; without anything to ask, a line that says so."""
    if not send.items:
        return f"{NOTHING}\nReference: {printable(send.submission_id)}\n"
    lines = [*wrap(DRAFT, WIDTH), "", *_head(send, case, document), ""]
    lines += wrap(
        "To the requesting practice: to review this request we need the following. Please send "
        "copies from the chart; what you have sent already need not be sent again.",
        WIDTH,
    )
    for number, item in enumerate(send.items, start=1):
        lines += ["", *_indented(f"{number}. ", item.text)]
        if item.any_one_of:
            lines.append("   Any one of these is enough:")
            for option in item.any_one_of:
                lines += _indented("   - ", option)
    lines += [
        "",
        *wrap("This is no decision on the request: nothing is approved or denied.", WIDTH),
    ]
    return "\n".join(lines) + "\n"


def _head(send: WhatToSend, case: Case, document: Document) -> list[str]:
    """Whose request it is, as printed; what the packet does not say is left out."""
    who, asked = patient(document), case.request
    product = next((stated.text for stated in asked.products), asked.ingredient)
    fields = (
        ("To", "the requesting practice"),
        ("Patient", who["name"]),
        ("Birth date", who["birth"]),
        ("Request", ", ".join(filter(None, [product, *(s.text for s in asked.hcpcs[:1])]))),
        ("Date of request", next((stated.text for stated in asked.request_date), "")),
        ("Reference", send.submission_id),
    )
    return [f"{label + ':':<17}{printable(text)}" for label, text in fields if text]


def _indented(lead: str, text: str) -> list[str]:
    return wrap(printable(text), WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))
