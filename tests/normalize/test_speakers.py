"""What pages of nobody and doubtful pages say is shown, decides nothing, and lends no date."""

from __future__ import annotations

from pathlib import Path

from pipeline.criteria import choose_policy, evaluate, load_policies
from pipeline.ingest import read_submission
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import About, Case, Status
from tests.ingest.pages import FORM, lines, pdf


def case(tmp_path: Path, *pages: list[str]) -> Case:
    document = read_submission([pdf(tmp_path / "p.pdf", *(lines(*page) for page in pages))])
    return build_case("p", document, extract_mentions(document))


def test_a_page_of_nobody_makes_general_facts_without_a_date(tmp_path: Path) -> None:
    leaflet = ["What we like to see", "Hepatitis B surface antigen: negative.", "IgG 900 mg/dL"]
    found = case(tmp_path, FORM, leaflet)
    assert found.labs
    assert {lab.about for lab in found.labs} == {About.GENERAL}
    assert all(lab.stated.latest is None for lab in found.labs)
    assert [page.page for page in found.legibility.general_pages] == [2]


def test_a_doubtful_page_is_anothers_and_is_named(tmp_path: Path) -> None:
    report = [
        "LABORATORY REPORT",
        "Patient: Sorley, Ragnhild   DOB: 09/04/1958",
        "Collected: 04/20/2026",
        "HBsAg   Negative",
    ]
    found = case(tmp_path, FORM, report)
    assert {lab.about for lab in found.labs} == {About.OTHER_PERSON}
    page = found.legibility.foreign_pages[0]
    assert (page.page, page.name, page.birth_date) == (2, "Sorley, Ragnhild", "09/04/1958")
    assert [stated.text for stated in found.birth_dates] == ["1958-04-09"]


def test_a_line_alone_on_a_page_of_nobody_tells_that_somebody_takes_a_drug(tmp_path: Path) -> None:
    leaflet = ["About medicines that act on the immune system", "They include ipilimumab."]
    leaflet += ["Ask your pharmacist what you should know before you take one of these."] * 3
    strayed = case(tmp_path, FORM, ["Continues ipilimumab."])
    told = [m for m in strayed.medications if m.ingredient == "ipilimumab"]
    assert [(m.about, m.places[0].page) for m in told] == [(About.GENERAL, 2)]
    policies = load_policies(models_dir(None), load_lexicon(models_dir(None)))
    report = evaluate(choose_policy(policies, strayed).policy, strayed)
    context = next(one for one in report.criteria if one.id == "clinical_context")
    assert context.status is Status.NEEDS_REVIEW
    assert not any(m.ingredient == "ipilimumab" for m in case(tmp_path, FORM, leaflet).medications)


def test_what_came_of_a_drug_on_a_form_is_no_order(tmp_path: Path) -> None:
    history = [
        "PRIOR AUTHORIZATION REQUEST, page 2",
        "Patient: Sorley, Ragnhild   DOB: 04/09/1958",
        "MEDICAL NECESSITY",
        "Second-line azathioprine x5 months brought no improvement at all.",
    ]
    told = [m for m in case(tmp_path, FORM, history).medications if m.ingredient == "azathioprine"]
    assert [(m.status, m.outcome) for m in told] == [("past", "failed")]
