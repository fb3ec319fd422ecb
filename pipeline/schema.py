"""The records that pass from stage to stage, in the order in which they arise.

Conventions: pages count from 1 within their file; offsets are half-open, in code points of
`Document.text`; boxes are (x0, top, x1, bottom) in PDF points from the top left corner of the
page as it is shown (after /Rotate, before any turning that OCR needed); confidence is a
probability from 0 to 1; days are `datetime.date`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.quantities import DateRange, Quantity

Box = tuple[float, float, float, float]


class Record(BaseModel):
    """Base of all records: frozen, strict about keys, and silent about content in errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


# --------------------------------------------------------------------------- ingest


class Span(Record):
    """A stretch of `Document.text`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Word(Record):
    """A word as printed, and where.

    Attributes:
        confidence: Of the reading; 1 for a text layer.
        doubtful: A number or code that may be misread, however sure the engine is.
        struck: A line was drawn through it: it was withdrawn.
    """

    text: str
    start: int
    box: Box
    confidence: float = Field(default=1.0, ge=0, le=1)
    doubtful: bool = False
    struck: bool = False


class BlockKind(StrEnum):
    """What a stretch of a page is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    TABLE = "table"
    FORM = "form"
    FURNITURE = "furniture"  # running headers, footers, fax header lines, banners


class Block(Record):
    """A stretch of a page's text that is read in one go; blocks do not overlap."""

    kind: BlockKind
    start: int
    end: int


class Cell(Record):
    """A cell of a table; `start == end` when it is empty."""

    row: int = Field(ge=0)
    column: int = Field(ge=0)
    start: int
    end: int
    box: Box


class Table(Record):
    """Rows and columns; the first `header_rows` rows name the columns.

    Attributes:
        caption: The line above that titles the table, with its date if it has one.
    """

    box: Box
    cells: tuple[Cell, ...]
    header_rows: int = 0
    ruled: bool = True
    caption: Span | None = None


class FormField(Record):
    """A printed label and what was filled in beside or below it.

    Attributes:
        value: None when the place for the answer is empty.
        doubtful: The stored value and its appearance on the page differ.
    """

    label: Span
    value: Span | None
    origin: Literal["box", "line", "acroform"]
    doubtful: bool = False


class Tick(StrEnum):
    """State of a checkbox."""

    TICKED = "ticked"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


class Checkbox(Record):
    """A box to tick.

    Attributes:
        label: The words of this option ("Yes", "Truxima (rituximab-abbs) Q5115").
        question: What is asked, when the options stand after a question.
        group: Boxes of one question bear the same number (unique within the page).
    """

    box: Box
    state: Tick
    label: Span | None
    question: Span | None = None
    group: int | None = None


class PageKind(StrEnum):
    """What sort of page it is."""

    COVER = "cover_sheet"
    REQUEST = "request_form"
    NOTE = "clinical_note"
    LETTER = "letter"
    LABORATORY = "laboratory_report"
    IMAGING = "imaging_report"  # imaging, EMG, pulmonary function, biopsy reports
    FILLS = "fill_history"
    ORDER = "infusion_order"
    CRITERIA = "printed_criteria"
    BLANK = "blank"
    OTHER = "other"


class Speaker(StrEnum):
    """Of whom a page speaks.

    Only a page of the patient decides anything. A `general` page bears nobody's name (a leaflet,
    printed criteria, a payer's rules), a `doubtful` one a name or birth date that may be the
    patient's, misread or mistyped.
    """

    PATIENT = "patient"
    GENERAL = "general"
    DOUBTFUL = "doubtful"
    OTHER = "other"


class Identity(Record):
    """Whose page it is, as printed; '' where the page does not say."""

    name: str = ""
    birth_date: str = ""
    record_number: str = ""


class Page(Record):
    """One page, or one of two sheets that lie side by side on a page: then both bear its number.

    Attributes:
        file: Name of the submitted file (of the member of a folder).
        number: 1-based within the file.
        sheet: The part of the page that is this sheet; None where it is all of it.
        start, end: The page's part of `Document.text`.
        origin: Whether its words were read from a text layer, recognised, or there are none.
        turned: Degrees clockwise by which the picture had to be turned to be read.
        confidence: Mean word confidence; None without words.
        speaker: Of whom it speaks.
        unreadable: Something stands there that could not be read.
        warnings: Codes such as `layer_disagrees`, `layer_incomplete`, `text_layer_failed`, `content_lost`,
            `illegible`, `recognition_cut`, `hidden_text`, `field_appearance_differs`, or the code of
            the `DocumentError` that the page alone has.
    """

    file: str
    number: int = Field(ge=1)
    sheet: Box | None = None
    width: float
    height: float
    start: int
    end: int
    origin: Literal["text", "ocr", "blank"]
    turned: int = 0
    confidence: float | None = None
    kind: PageKind = PageKind.OTHER
    kind_reason: str = ""
    words: tuple[Word, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    fields: tuple[FormField, ...] = ()
    checkboxes: tuple[Checkbox, ...] = ()
    identity: Identity = Identity()
    speaker: Speaker = Speaker.PATIENT
    duplicate_of: str = ""  # "FILE#PAGE" of the page that says the same
    unreadable: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def foreign(self) -> bool:
        """Whether it is another patient's: nothing on it is a fact."""
        return self.speaker is Speaker.OTHER


class SourceFile(Record):
    """A submitted file and how it was read.

    Attributes:
        kind: By content: pdf, tiff, png, jpeg.
        missing_pages: Numbers that "Page 2 of 5" or a cover promises and no page has, document by document.
        attachments: Files inside the file, by name, and notes on its pages, none of them read.
        warnings: Codes such as `repaired`, `encrypted` (but readable), `javascript_ignored`,
            `attachments_ignored`, `notes_ignored`.
    """

    name: str
    sha256: str
    kind: str
    pages: int
    missing_pages: tuple[int, ...] = ()
    attachments: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def repaired(self) -> bool:
        """Whether it was damaged and read from a repaired copy."""
        return "repaired" in self.warnings


class UnreadFile(Record):
    """A member of a folder that could not be read; `code` is that of its `DocumentError`."""

    name: str
    sha256: str
    code: str


class Document(Record):
    """A submission as text, and the words that the text is made of.

    In `text`, words of a line are joined by one space, wide gaps and cell borders are a tab,
    the lines of a paragraph are joined by a space, and paragraphs, rows and lines end with a
    newline. For every word, `text[word.start : word.start + len(word.text)] == word.text`.
    """

    files: tuple[SourceFile, ...]
    unread: tuple[UnreadFile, ...] = ()
    text: str
    pages: tuple[Page, ...]


# ------------------------------------------------------------------------------ nlp


class About(StrEnum):
    """Whom a statement is about."""

    PATIENT = "patient"
    RELATIVE = "relative"
    OTHER_PERSON = "other_person"
    GENERAL = "general"


class Standing(StrEnum):
    """How a statement stands."""

    STATED = "stated"
    COPIED = "copied"  # carried forward from an earlier date
    PLANNED = "planned"
    ORDERED = "ordered"  # or sent, or pending
    ASKED = "asked"
    DEMANDED = "demanded"  # by a payer, a policy, a guideline
    CONDITIONAL = "conditional"
    WITHDRAWN = "withdrawn"  # struck, cancelled, entered in error, superseded


STANDS = frozenset({Standing.STATED, Standing.COPIED})  # what may decide a criterion
Doubt = Literal["standing", "outcome", "value"]  # what a second reading speaks against


class Mention(Record):
    """A stretch of text that names something, and the stretches that belong to it.

    Attributes:
        label: `medication`, `lab`, `diagnosis`, `finding`, `request`, `answer`, `date`; and for
            parts: `dose`, `frequency`, `route`, `duration`, `start`, `stop`, `date`, `status`,
            `outcome`, `not_outcome` (denied, or said of another thing), `reason`, `value`, `unit`,
            `range`, `flag`, `site`, `code`, `product`,
            `linked_code` (the words of the name; its `code` is not on the page).
        code: What the lexicon calls it: ingredient, analyte, diagnosis key, finding, topic; for
            `status`, `outcome`, `flag` parts the contract's word.
        scope: The sentence, row or field that says it: the evidence shown to people.
        section: Key of the section it stands in, '' if none.
        copied_from: Text of the date that copied-forward text bears.
        about, standing: Whom it is about and how it stands; only what is stated of the patient
            (or copied from an earlier date) decides a criterion.
        doubted: What a second reading of the words speaks against: `standing` (that it is stated
            of the patient), `outcome`, `value` (which number of a row it is).
    """

    label: str
    start: int
    end: int
    text: str
    code: str = ""
    scope: Span | None = None
    section: str = ""
    origin: Literal["prose", "table", "field", "checkbox"] = "prose"
    negated: bool = False
    possible: bool = False
    hypothetical: bool = False
    historical: bool = False
    family: bool = False
    copied_from: str = ""
    about: About = About.PATIENT
    standing: Standing = Standing.STATED
    doubted: tuple[Doubt, ...] = ()
    parts: tuple[Mention, ...] = ()


class Mentions(Record):
    """All mentions of one document, by start.

    Attributes:
        weights: Which weights of the reader of statements were used (the first digits of their
            SHA-256), '' if none.
    """

    mentions: tuple[Mention, ...]
    weights: str = ""


# ------------------------------------------------------------------------ normalize


class Assertion(StrEnum):
    """How the text puts a fact."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"
    POSSIBLE = "possible"
    HYPOTHETICAL = "hypothetical"
    HISTORICAL = "historical"
    FAMILY = "family"


class Place(Record):
    """A place in a submission that states a fact.

    Attributes:
        text: The words there, as printed.
        doubtful: Among them is a number or code that may be misread.
    """

    file: str
    page: int = Field(ge=1)
    page_kind: PageKind = PageKind.OTHER
    box: Box
    text: str
    confidence: float = Field(ge=0, le=1)
    doubtful: bool = False


class CellChange(Record):
    """A cell of a CSV file as it was and as a person wants it, without any neutralising mark."""

    column: str
    before: str
    after: str


class Corrected(Record):
    """That a person changed, added or confirmed a fact; `correction` is the id of the `Correction`."""

    correction: str
    what: Literal["changed", "added", "confirmed"]
    cells: tuple[CellChange, ...]
    by: str
    at: str


class FactBase(Record):
    """What all facts have.

    Attributes:
        id: Stable for the same submission and content; the `row_id` of the CSV files.
        assertion: How the best place puts it.
        about, standing: Whom it is about and how it stands.
        doubtful: It rests on a reading that may be wrong.
        doubted: What only one of two readings of the words says: that it is stated of the patient
            (`standing`), its outcome.
        stated: When the text that states it was written (visit, letter, copied-forward date).
        places: Every place that states it, the best first; never empty outside tests.
        corrected: What people changed of it, in the order of time.
    """

    id: str = ""
    assertion: Assertion = Assertion.AFFIRMED
    about: About = About.PATIENT
    standing: Standing = Standing.STATED
    doubtful: bool = False
    doubted: tuple[Doubt, ...] = ()
    stated: DateRange = DateRange()
    places: tuple[Place, ...] = ()
    corrected: tuple[Corrected, ...] = ()


class Medication(FactBase):
    """A treatment episode: one drug, one dose, one outcome.

    Attributes:
        step_of: Id of the episode of whose course it is a step: that one's row shows it; '' for an
            episode with a row of its own.
        ingredient: Lower-case generic name, without a biosimilar suffix.
        product: Brand or biosimilar as printed, '' if none.
        drug_class: Of the lexicon, e.g. `corticosteroid`, `checkpoint_inhibitor`.
        dose_value, dose_unit: As printed ("six 10-mg tablets": 60, mg).
        daily_dose_mg: Milligrams a day, when the text determines it.
        dose_per_kg: mg/kg/day as stated, for a dose given by weight.
        stated_duration: Days, as stated ("x 6 wks"); months count 28 to 31 days.
        course: Days of the whole course of which it is the first step, as stated without a dose.
        start, stop: None when not stated; `stop` is also the last day known to be taken.
        ongoing: The text says that it is still taken.
        outcome_reason: Words of the text, '' if none.
    """

    kind: Literal["medication"] = "medication"
    step_of: str = ""
    ingredient: str
    product: str = ""
    drug_class: str = ""
    dose_value: float | None = None
    dose_unit: str = ""
    route: str = ""
    frequency: str = ""
    daily_dose_mg: float | None = None
    dose_per_kg: float | None = None
    stated_duration: Quantity | None = None
    course: Quantity | None = None
    duration_days: int | None = None
    start: DateRange | None = None
    stop: DateRange | None = None
    ongoing: bool = False
    status: Literal["current", "past", "requested", "planned", "not_taken", ""] = ""
    outcome: Literal[
        "failed", "intolerant", "contraindicated", "partial_response", "responded", "unknown"
    ] = "unknown"
    outcome_reason: str = ""


class LabResult(FactBase):
    """One result: analyte, value, date.

    Attributes:
        unit: UCUM where the lexicon knows the printed unit, else as printed.
        ref_low, ref_high: Of the laboratory's own printed range.
        ratio_to_uln: As stated ("12x ULN") or value / ref_high.
        interpretation: positive, negative, indeterminate, high, low, normal, pending, or ''.
    """

    kind: Literal["lab"] = "lab"
    analyte: str
    loinc: str = ""
    value: float | None = None
    value_text: str = ""
    comparator: str = ""
    unit: str = ""
    ref_low: float | None = None
    ref_high: float | None = None
    ratio_to_uln: float | None = None
    interpretation: str = ""
    collected: DateRange | None = None


class Diagnosis(FactBase):
    """A disease, as named or coded.

    Attributes:
        key: Of the lexicon ('' if it has none).
        name: As printed, or the lexicon's name.
        icd10: As printed, never linked: criteria are met by it.
        linked_icd10, linked_description: What ICD-10-CM calls the name, where no code is printed
            and one is safe; it does not stand on the page.
    """

    kind: Literal["diagnosis"] = "diagnosis"
    key: str = ""
    name: str
    icd10: str = ""
    icd10_description: str = ""
    linked_icd10: str = ""
    linked_description: str = ""

    @model_validator(mode="before")
    @classmethod
    def _without_linked(cls, values: Any) -> Any:
        """Corrections kept from before bear a mark that was never set."""
        if isinstance(values, dict):
            values = {name: value for name, value in values.items() if name != "linked"}
        return values


class Finding(FactBase):
    """An observation: strength, study, function, organ involvement, taper, weight, counselling.

    Attributes:
        finding: Key of `models/lexicon/findings.csv`.
        value: `4-/5`, `abnormal`, `normal`, `pending`, a dose, or the words of the text.
        of: Ingredients, drug classes or diagnoses that it concerns.
        duration: For how long (a response after days of treatment), when stated.
    """

    kind: Literal["finding"] = "finding"
    finding: str
    value: str = ""
    unit: str = ""
    site: str = ""
    of: tuple[str, ...] = ()
    duration: Quantity | None = None
    date: DateRange | None = None

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, values: Any) -> Any:
        """Corrections kept from before call `of` `about`."""
        if isinstance(values, dict) and isinstance(values.get("about"), list | tuple):
            values = {"of" if name == "about" else name: value for name, value in values.items()}
        return values


class Answer(FactBase):
    """A yes/no question of a form, answered, left blank or unreadable.

    Attributes:
        topic: Key of `models/lexicon/questions.csv`.
    """

    kind: Literal["answer"] = "answer"
    topic: str
    value: Literal["yes", "no", "blank", "unreadable"]
    detail: str = ""


TableName = Literal["medications", "labs", "diagnoses", "findings"]
TableFact = Medication | LabResult | Diagnosis | Finding


class Correction(Record):
    """What a person says of a row of a table; an input of normalize, and stronger than the text.

    Attributes:
        id: `c1`, `c2` and so on, in the order of time.
        what: `confirmed`: it was read rightly; `noted`: only the comment is kept, nothing follows.
        row_id: Of the fact when it was corrected; of an added one, made from its cells.
        fact: As it was before, by which it is found again when its row_id has changed.
        place: Of an added fact.
        at, withdrawn_at: UTC, ISO 8601; '' while it has not been withdrawn.
    """

    id: str
    submission_id: str
    table: TableName
    row_id: str
    what: Literal["changed", "not_in_packet", "added", "confirmed", "noted"]
    cells: tuple[CellChange, ...] = ()
    fact: TableFact | None = Field(default=None, discriminator="kind")
    place: Place | None = None
    comment: str = Field(default="", exclude_if=lambda comment: not comment)
    by: str
    at: str
    withdrawn_by: str = ""
    withdrawn_at: str = ""


class Removed(Record):
    """A row that a person says is not in the packet: no fact any more."""

    correction: str
    table: TableName
    row_id: str
    subject: str
    places: tuple[Place, ...]
    by: str
    at: str


class Stated(Record):
    """A text of the request and the place that states it.

    Attributes:
        row_id: Of the fact whose correction says it, '' where it was read.
    """

    text: str
    place: Place
    row_id: str = ""


class RequestedDrug(Record):
    """What is requested; empty tuples are not stated. Several texts are several statements.

    Attributes:
        doubtful: No form, box, code or letter asks for it: it is only planned, or named.
    """

    ingredient: str = ""
    products: tuple[Stated, ...] = ()
    hcpcs: tuple[Stated, ...] = ()
    dose: tuple[Stated, ...] = ()
    schedule: tuple[Stated, ...] = ()
    diagnosis_codes: tuple[Stated, ...] = ()
    quantity: tuple[Stated, ...] = ()
    length: tuple[Stated, ...] = ()
    request_date: tuple[Stated, ...] = ()
    payer: tuple[Stated, ...] = ()
    doubtful: bool = False


class Conflict(Record):
    """Statements that cannot all be true.

    Attributes:
        about: Of what, in words.
        sides: Ids of the facts concerned.
        stated: The statements themselves, one for each side, where these are no facts.
        quantity: `duration` when only that is in dispute, '' when the facts as such are.
        days: Then what each side gives, as `stated`; empty where it is not known.
    """

    about: str
    sides: tuple[str, ...]
    stated: tuple[Stated, ...] = ()
    quantity: Literal["duration", ""] = ""
    days: tuple[Quantity, ...] = ()


class PageReference(Record):
    """A page by name and number."""

    file: str
    page: int


class ForeignPage(PageReference):
    """A page of another patient, or perhaps of another, with what it bears; '' where it does not."""

    name: str = ""
    birth_date: str = ""


class Legibility(Record):
    """How well the submission could be read.

    Attributes:
        foreign_pages: Of another patient, or doubtful.
        general_pages: Bear nothing that says that they speak of the patient.
        missing_pages: Promised by a page number or the cover, and not there.
        attachments: Names of files inside a file, or of notes on its pages, that were not read.
    """

    pages: int
    ocr_pages: int
    mean_confidence: float | None
    unreadable_pages: tuple[PageReference, ...] = ()
    foreign_pages: tuple[ForeignPage, ...] = ()
    general_pages: tuple[PageReference, ...] = ()
    missing_pages: tuple[PageReference, ...] = ()
    attachments: tuple[str, ...] = ()

    @property
    def incomplete(self) -> tuple[str, ...]:
        """What did not arrive or cannot be used, as the words of `summary.csv`."""
        lacks = {
            "missing_page": self.missing_pages,
            "unreadable_page": self.unreadable_pages,
            "attachment": self.attachments,
            "foreign_page": self.foreign_pages,
        }
        return tuple(word for word, pages in lacks.items() if pages)


class Case(Record):
    """All that a submission says.

    Attributes:
        as_of: The request date; where none stands, the latest date on which the packet was written.
        patient: Their name, as most pages print it.
        birth_date: Of the patient, if stated.
        birth_dates: Where it is stated, in ISO 8601, one place for each date.
        removed: What people say is not in the packet.
        weights: Of the reader of statements, as in `Mentions`.
    """

    submission_id: str
    weights: str = ""
    source_files: tuple[str, ...]
    as_of: date | None
    patient: str = ""
    birth_date: date | None = None
    birth_dates: tuple[Stated, ...] = ()
    request: RequestedDrug = RequestedDrug()
    medications: tuple[Medication, ...] = ()
    labs: tuple[LabResult, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    findings: tuple[Finding, ...] = ()
    answers: tuple[Answer, ...] = ()
    removed: tuple[Removed, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    legibility: Legibility


Fact = Medication | LabResult | Diagnosis | Finding | Answer


# ------------------------------------------------------------------------- criteria


class Status(StrEnum):
    """Where a criterion stands."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_DOCUMENTED = "not_documented"
    NEEDS_REVIEW = "needs_review"
    NOT_APPLICABLE = "not_applicable"


class Reason(StrEnum):
    """Why a criterion is not decided."""

    MISSING = "missing"
    PARTIAL = "partial"
    STALE = "stale"
    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"
    CONFLICTING = "conflicting"


class Evidence(Record):
    """A place, as the report shows it.

    Attributes:
        row_id: The row of the CSV files, '' if none.
        corrected: A person changed or added that row; left out of JSON where it is not so.
    """

    file: str
    page: int
    bbox: Box
    text: str
    row_id: str = ""
    corrected: bool = Field(default=False, exclude_if=lambda corrected: not corrected)


class CriterionResult(Record):
    """What the submission shows of one criterion, or of a part of one.

    Attributes:
        kind, parts: Of a criterion that is made of others, and of these.
    """

    id: str
    title: str
    required: bool
    status: Status
    reason: Reason | None = None
    rationale: str
    missing: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    kind: str = Field(default="", exclude_if=lambda kind: not kind)
    parts: tuple[CriterionResult, ...] = Field(default=(), exclude_if=lambda parts: not parts)


class Alert(Record):
    """Something a reviewer must see whatever the statuses are."""

    id: str
    message: str
    evidence: tuple[Evidence, ...] = ()


class Alternative(Record):
    """A therapy that the policy wants considered first, and what the packet says of it."""

    id: str
    status: Literal["tried_failed", "tried", "contraindicated", "not_documented"]
    note: str
    evidence: tuple[Evidence, ...] = ()


class ReportedConflict(Record):
    """Both sides of a contradiction, and the criteria that it touches."""

    about: str
    sides: tuple[Evidence, ...]
    criteria: tuple[str, ...] = ()


class PolicyReference(Record):
    """Which policy was applied; `source` says what standing it has, in plain words.

    Attributes:
        indication, phase: Which of its branches, '' where it has none.
    """

    id: str
    version: str
    source: str
    indication: str = Field(default="", exclude_if=lambda name: not name)
    phase: str = Field(default="", exclude_if=lambda name: not name)


class ReportedRequest(Record):
    """What is requested, as printed; None where the packet does not say."""

    product: str | None = None
    ingredient: str | None = None
    hcpcs: str | None = None
    dose: str | None = None
    schedule: str | None = None
    diagnosis_codes: tuple[str, ...] = ()


class GapReport(Record):
    """What a submission shows of a policy, where, and what is missing. Never a determination."""

    submission_id: str
    source_files: tuple[str, ...]
    software_version: str
    weights: str = Field(default="", exclude_if=lambda weights: not weights)
    policy: PolicyReference | None
    request: ReportedRequest
    recommendation: Literal["no_policy", "clinician_review", "request_information", "criteria_met"]
    readiness: int | None
    criteria: tuple[CriterionResult, ...] = ()
    alerts: tuple[Alert, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    conflicts: tuple[ReportedConflict, ...] = ()
    legibility: Legibility


class SendItem(Record):
    """One thing that the practice could send.

    Attributes:
        criteria: Required criteria that it could settle, the one that asks for it first; none for a
            page that no criterion asks for, without which the packet is not complete.
        any_one_of: Where several ways lead to it: what each still lacks.
        kind: Of the first of the criteria, by which it is known in which document it would stand.
    """

    text: str
    criteria: tuple[str, ...]
    any_one_of: tuple[str, ...] = ()
    kind: str = ""


class WhatToSend(Record):
    """What would settle the open criteria of a submission, the most telling first."""

    submission_id: str
    items: tuple[SendItem, ...] = ()
