"""Product and code in fillable fields, and nothing else: the rest of the form is blank."""

from __future__ import annotations

from pathlib import Path

from paper import HEIGHT, Paper


def draw(target: Path) -> None:
    """Draw the packet."""
    paper = Paper(target)
    _header(paper)
    _clinical(paper)
    paper.save()


def _field(p: Paper, name: str, label: str, x: float, width: float, value: str = "") -> None:
    """A box with a small printed label and a fillable field below it."""
    p.box(x, p.y, width, 30)
    p.write(x + 3, p.y + 8, label, 6.5)
    p.canvas.acroForm.textfield(
        name=name,
        value=value,
        x=x + 3,
        y=HEIGHT - p.y - 28,
        width=width - 6,
        height=17,
        fontSize=10,
        borderWidth=0,
        forceBorder=False,
        fillColor=None,
    )


def _row(p: Paper, *fields: tuple[str, str, float, str]) -> None:
    x, full = p.left, p.right - p.left
    for name, label, share, value in fields:
        _field(p, name, label, x, share * full, value)
        x += share * full
    p.y += 30


def _question(p: Paper, number: int, text: str) -> None:
    """A question with two fillable boxes, both empty."""
    p.y += 20
    p.write(p.left, p.y, f"{number}. {text}", 9.5)
    for x, word in ((p.right - 90, "Yes"), (p.right - 42, "No")):
        p.canvas.acroForm.checkbox(
            name=f"q{number}_{word.lower()}",
            x=x,
            y=HEIGHT - p.y - 2,
            size=10,
            checked=False,
            borderWidth=0.7,
            buttonStyle="cross",
        )
        p.write(x + 14, p.y, word, 9.5)


def _header(p: Paper) -> None:
    p.title("LANTERN POINT HEALTH PLAN")
    p.lines(
        "Infused drug precertification. Fax 555-0110. Incomplete requests are returned.", size=9
    )
    p.bar("MEMBER AND OFFICE")
    _row(
        p,
        ("date", "Request date", 0.2, "04/13/2026"),
        ("name", "Member name", 0.5, "Cressida Vane"),
        ("birth", "Date of birth", 0.3, "12/09/1977"),
    )
    _row(
        p,
        ("member", "Member ID", 0.35, "LP-558-201"),
        ("weight", "Weight", 0.15, ""),
        ("doctor", "Prescriber", 0.5, "Ambrose Tilling, MD"),
    )
    p.bar("DRUG")
    _row(p, ("drug", "Drug name", 0.6, "Rituxan"), ("hcpcs", "HCPCS", 0.4, "J9312"))
    _row(p, ("dose", "Dose", 0.4, ""), ("schedule", "Frequency", 0.6, ""))
    p.bar("DIAGNOSIS")
    _row(
        p,
        ("code", "ICD-10-CM", 0.25, "M33.20"),
        ("diagnosis", "Description", 0.75, "Polymyositis, organ involvement unspecified"),
    )
    _row(p, ("note", "Remarks", 1.0, "Chart <script>alert('see fax')</script> & notes to follow"))


def _clinical(p: Paper) -> None:
    p.bar("CLINICAL QUESTIONS")
    _question(p, 1, "Was high-dose prednisone or IV methylprednisolone given?")
    _question(p, 2, "Was methotrexate, azathioprine or mycophenolate taken for 4 weeks?")
    _question(p, 3, "Is there an intolerance or contraindication to one of these?")
    _question(p, 4, "Are hepatitis B and hepatitis C results attached?")
    _question(p, 5, "Is a tuberculosis test attached?")
    p.gap(10)
    _row(
        p,
        ("ck", "Creatine kinase (value and range)", 0.5, ""),
        ("mrc", "Muscle strength (0-5)", 0.5, ""),
    )
    _row(
        p,
        ("steroid", "Corticosteroid, dose, dates, result", 0.5, ""),
        ("agent", "Immunosuppressant, dose, dates, result", 0.5, ""),
    )
    p.furniture("Lantern Point is an invented plan. LP-9 (2026)")
