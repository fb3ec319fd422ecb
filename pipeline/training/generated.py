"""Generated lines of notes: lists of results, vital signs, medications and diseases.

The annotated notes hold few of them. Names come from the lexicon; a third of the drugs are
made-up names, so that what stands around a name is learned as well. Everything follows our own
annotation guideline.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.lexicon import Lexicon

Piece = tuple[str, str]  # text, label ('' for none)

SYLLABLES = [
    "ba",
    "be",
    "bri",
    "ca",
    "ce",
    "cla",
    "co",
    "da",
    "de",
    "do",
    "dra",
    "fe",
    "fi",
    "flu",
    "ga",
    "gli",
    "ho",
    "iva",
    "ke",
    "la",
    "le",
    "li",
    "lo",
    "lu",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "no",
    "o",
    "pa",
    "pe",
    "pra",
    "qui",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "sta",
    "ta",
    "te",
    "ti",
    "to",
    "tra",
    "u",
    "va",
    "ve",
    "vi",
    "xa",
    "xi",
    "za",
    "ze",
    "zo",
]
ENDINGS = [
    "mab",
    "tinib",
    "prazole",
    "pril",
    "sartan",
    "statin",
    "olol",
    "cillin",
    "mycin",
    "floxacin",
    "azole",
    "vir",
    "gliptin",
    "glutide",
    "zepam",
    "pine",
    "done",
    "setron",
    "triptan",
    "lukast",
    "parin",
    "xaban",
    "fen",
    "profen",
    "oxin",
    "amide",
    "ine",
    "ol",
    "a",
    "in",
    "ex",
    "on",
    "is",
    "ia",
]
ROUTES = ("p.o.", "po", "by mouth", "orally", "IV", "subcutaneously", "PO", "topically", "oral")
FREQUENCIES = (
    "daily", "b.i.d.", "t.i.d.", "q.i.d.", "q.d.", "q.h.s.", "twice a day", "once a day", "once daily",
    "twice daily", "three times a day", "every 6 hours as needed", "q.6h. p.r.n.", "at bedtime",
    "nightly", "weekly", "p.r.n.", "as needed", "BID", "TID", "every morning", "every other day",
    "q.12h.", "every 8 hours", "every 4 to 6 hours as needed", "a day",
)  # fmt: skip
LENGTHS = ("10 days", "7 days", "two weeks", "14 days", "six weeks", "3 months", "one week")
FORMS = ("tablet", "tablets", "capsule", "puff", "puffs", "drop", "drops", "tab")
VITALS = [
    "blood pressure",
    "pulse",
    "respirations",
    "temperature",
    "weight",
    "height",
    "heart rate",
    "respiratory rate",
    "BP",
    "HR",
    "RR",
    "Temp",
    "O2 saturation",
    "oxygen saturation",
    "pulse oximetry",
    "BMI",
    "respiratory rate",
]
MORE_TESTS = [
    "neutrophils",
    "lymphocytes",
    "monocytes",
    "eosinophils",
    "bands",
    "H&H",
    "white count",
    "white blood cell count",
    "hematocrit",
    "platelets",
    "BUN",
    "creatinine",
    "chloride",
    "bicarbonate",
    "CO2",
    "anion gap",
    "glucose",
    "calcium",
    "magnesium",
    "phosphorus",
    "alk phos",
    "alkaline phosphatase",
    "amylase",
    "lipase",
    "INR",
    "PT",
    "PTT",
    "troponin",
    "BNP",
    "TSH",
    "total protein",
    "albumin",
    "hemoglobin A1c",
    "LDL",
    "HDL",
    "triglycerides",
    "cholesterol",
    "PSA",
    "sed rate",
    "ejection fraction",
    "uric acid",
    "lactate",
    "ferritin",
    "MCV",
]
UNITS = ("mg/dL", "%", "g/dL", "U/L", "mmol/L", "mEq/L", "ng/mL", "K/uL")
WORDS = (
    "normal",
    "negative",
    "elevated",
    "within normal limits",
    "unremarkable",
    "positive",
    "low",
)


class Writer:
    """Writes random lines; the same for the same seed and lexicon."""

    def __init__(self, lexicon: Lexicon, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._drugs = [
            name
            for drug in lexicon.drugs.values()
            for name in (drug.ingredient, *drug.brands)
            if not drug.ambiguous
        ]
        self._tests = [name for test in lexicon.labs.values() for name in test.names]
        self._diseases = [
            d.name for d in lexicon.diseases.values() if d.group not in ("symptom", "health_status")
        ]

    def _one(self, choices: Any) -> str:
        return str(choices[int(self._random.integers(len(choices)))])

    def _chance(self, share: float) -> bool:
        return bool(self._random.random() < share)

    def _drug(self) -> str:
        if self._chance(0.35):
            parts = [self._one(SYLLABLES) for _ in range(int(self._random.integers(1, 4)))]
            name = "".join(parts) + self._one(ENDINGS)
        else:
            name = self._one(self._drugs)
        return name.capitalize() if self._chance(0.5) else name

    def _dose(self) -> str:
        number = self._one(
            (1, 2, 2.5, 5, 10, 12.5, 20, 25, 40, 50, 81, 100, 200, 325, 500, 750, 1000)
        )
        return f"{number}{self._one((' ', ' ', ''))}{self._one(('mg', 'mg', 'mg', 'mcg', 'g', 'units', 'mL', 'mEq'))}"

    def _medication(self) -> list[Piece]:
        pieces: list[Piece] = [(self._drug(), "DRUG")]
        if self._chance(0.8):
            pieces += [(" ", ""), (self._dose(), "DOSE")]
            if self._chance(0.15):
                pieces += [(" ", ""), (self._one(FORMS), "FORM")]
        if self._chance(0.2):
            amount = f"{self._one(('1', '2', 'one', 'two', 'one to two'))} {self._one(FORMS)}"
            pieces += [(self._one((" ", ", ")), ""), (amount, "DOSE")]
        if self._chance(0.4):
            pieces += _abbreviated(self._one(ROUTES), "ROUTE")
        if self._chance(0.8):
            pieces += _abbreviated(self._one(FREQUENCIES), "FREQUENCY")
        if self._chance(0.1):
            pieces += [(" for ", ""), (self._one(LENGTHS), "DURATION")]
        return pieces

    def _number(self) -> str:
        kind = int(self._random.integers(6))
        if kind == 0:
            return f"{self._random.integers(1, 400)},{self._random.integers(1000):03d}"
        if kind in (1, 2):
            return f"{self._random.uniform(0, 20):.1f}"
        return str(self._random.integers(2, 400))

    def _result(self) -> list[Piece]:
        test = self._one(self._tests if self._chance(0.5) else MORE_TESTS)
        test = test.capitalize() if self._chance(0.4) and test.islower() else test
        link = self._one((" ", " ", " ", " of ", " was ", " is ", ": ", " at "))
        if self._chance(0.12):
            return [
                (test, "LAB_NAME"),
                (self._one((" ", " was ", ": ")), ""),
                (self._one(WORDS), "LAB_VALUE"),
            ]
        if self._chance(0.08):
            return [(self._one(WORDS), "LAB_VALUE"), (" ", ""), (test, "LAB_NAME")]
        value = self._number()
        if self._chance(0.3):
            unit = self._one(UNITS)
            value += unit if unit == "%" else f" {unit}"
        return [(test, "LAB_NAME"), (link, ""), (value, "LAB_VALUE")]

    def _vital(self) -> list[Piece]:
        name = self._one(VITALS)
        low = name.lower()
        if "blood" in low or name == "BP":
            value = f"{self._random.integers(90, 190)}/{self._random.integers(50, 110)}"
        elif "temp" in low:
            value = f"{self._random.uniform(96, 103):.1f}" + self._one(("", "", " degrees", " F"))
        elif "sat" in low or "oxi" in low:
            value = f"{self._random.integers(85, 101)}%"
        elif name == "weight":
            value = f"{self._random.integers(90, 330)}" + self._one(("", " pounds", " lbs", " kg"))
        elif name == "height":
            value = f"{self._random.integers(4, 7)} feet {self._random.integers(0, 12)} inches"
        else:
            value = str(self._random.integers(10, 120))
        name = name[0].upper() + name[1:] if self._chance(0.5) else name
        link = self._one((" ", " ", ": ", " is ", " was ", " of "))
        return [(name, "LAB_NAME"), (link, ""), (value, "LAB_VALUE")]

    def line(self) -> list[Piece]:
        """One line: a list of things of one kind, or a single thing with a number before it."""
        kind = self._one(("medications", "medications", "results", "vitals", "diseases"))
        if kind == "medications" and self._chance(0.5):
            return [
                (self._one(("1. ", "- ", "", "3. ", "Continue ", "Start ", "She takes ")), ""),
                *self._medication(),
                (".", ""),
            ]
        leads = {
            "medications": (
                "MEDICATIONS: ",
                "CURRENT MEDICATIONS: ",
                "He is on ",
                "Discharge medications include ",
                "",
            ),
            "results": ("LABORATORY DATA: ", "Labs: ", "", "LABS: ", "Her "),
            "vitals": ("VITAL SIGNS: ", "Vitals: ", "", "PHYSICAL EXAMINATION: "),
            "diseases": (
                "PAST MEDICAL HISTORY: ",
                "Significant for ",
                "History of ",
                "IMPRESSION: ",
            ),
        }
        makers = {"medications": self._medication, "results": self._result, "vitals": self._vital}
        joint = self._one((", ", ", ", "; ", ".  ") if kind != "diseases" else (", ",))
        pieces: list[Piece] = [(self._one(leads[kind]), "")]
        count = int(self._random.integers(2, 8))
        for i in range(count):
            if i:
                last = i == count - 1 and joint == ", " and self._chance(0.7)
                pieces.append((", and " if last else joint, ""))
            if kind == "diseases":
                pieces.append((self._one(self._diseases), "DIAGNOSIS"))
            else:
                pieces += makers[kind]()
        return [*pieces, (".", "")]

    def record(self, number: int, lines: int = 10) -> dict[str, Any]:
        """A record of generated lines in the shape of the annotated corpora."""
        text, entities = "", []
        for _ in range(lines):
            for words, label in self.line():
                if label:
                    entities.append(
                        {"start": len(text), "end": len(text) + len(words), "label": label}
                    )
                text += words
            text += "\n"
        return {"id": f"generated-{number}", "text": text, "entities": entities}


def _abbreviated(words: str, label: str) -> list[Piece]:
    """An abbreviation's full stop stays outside the span."""
    return [(" ", ""), (words.rstrip("."), label), ("." if words.endswith(".") else "", "")]
