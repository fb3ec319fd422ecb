"""A payer's policy as a draft: tree, kinds, numbers and pages; never used before it is finished."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.criteria import check_policy, load_policies
from pipeline.drafting import draft
from pipeline.errors import KnowledgeError, UsageError
from pipeline.lexicon import load_lexicon, models_dir
from tests.conftest import NOTE, REQUEST, Chartgap, run_chartgap, write_pdf
from tests.ingest.pages import scan_pdf, scanned

# An invented payer's policy, set in, lettered, with AND and OR after the items.
SET_IN = (
    (
        "Foxglove Mutual   Pharmacy Policy FM-31",
        "Vyvgart (efgartigimod alfa) for generalized myasthenia gravis",
        "Effective date: 02/01/2026",
        "Background",
        "Efgartigimod is indicated for adults aged 18 years and older with a chronic disease.",
        "Initial Approval Criteria",
        "1. Generalized Myasthenia Gravis. Approve for 6 months if ALL of the following are met:",
        "    A) Patient is 18 years of age or older; AND",
        "    B) Acetylcholine receptor antibody test is positive; AND",
        "    C) ONE of the following (i, ii or iii):",
        "        i. Inadequate response to pyridostigmine for at least 8 weeks; OR",
        "        ii. Failure of at least TWO of the following:",
        "            a. azathioprine",
        "            b. mycophenolate mofetil",
        "            c. cyclosporine; OR",
        "        iii. Contraindication to corticosteroids; AND",
        "    D) Creatine kinase is less than 2 times the upper limit of normal",
        "       within the past 90 days; AND",
        "    E) Prescribed by or in consultation with a neurologist; AND",
        "    F) Not used in combination with eculizumab or rozanolixizumab",
    ),
    (
        "Renewal Criteria",
        "1. Approve for 12 months if BOTH of the following are met:",
        "    A) Patient has been on therapy for at least 3 months; AND",
        "    B) Improvement of symptoms from baseline is documented",
        "Quantity limit: 1200 mg every 7 days",
        "Not covered for patients younger than 16 years of age.",
        "HCPCS codes: J9332    ICD-10: G70.01",
    ),
)
# Another, flush left, with the words that join the items on lines of their own.
FLUSH = (
    "Quillmere Health Services",
    "Medication: Vyvgart (efgartigimod alfa)",
    "1. Coverage Criteria:",
    "A. Myasthenia Gravis",
    "1. Initial Authorization",
    "a. Vyvgart will be approved based on all of the following criteria:",
    "(1) Diagnosis of generalized myasthenia gravis",
    "-AND-",
    "(2) One of the following:",
    "(a) History of failure of azathioprine",
    "-OR-",
    "(b) Both of the following:",
    "i. Patient is 65 years of age or older",
    "-AND-",
    "ii. Trial of pyridostigmine for 4 weeks",
    "-AND-",
    "(3) MG-ADL total score of 5 or more",
    "Authorization will be issued for 6 months.",
    "2. Reauthorization",
    "a. Vyvgart will be approved based on the following criterion:",
    "(1) Documentation of positive clinical response to Vyvgart",
    "Authorization will be issued for 12 months.",
)
# A third with bullets, nothing between the items, and what the reader cannot know.
BULLETS = (
    "Ashgrove Plan: Vyvgart (efgartigimod alfa)",
    "Requests for myasthenia gravis must meet all of the following:",
    "\u2022 The home was visited by a certified beekeeper",
    "\u2022 Prednisone at 20 mg daily was tried for 6 weeks",
    "\u2022 Any of the following:",
    "    o Platelet count of at least 100,000/mm3",
    "    o ECOG performance status of 0 to 2",
    "\u2022 Serum IgG between 4 and 9 in some unit",
    "\u2022 Dose does not exceed 10 mg/kg once weekly",
    "\u2022 The prescriber agrees to watch for infections",
    "\u2022 Patient has never been treated with rituximab",
    "\u2022 Approval length: 4 months",
)


def drafted(folder: Path, *pages: tuple[str, ...]) -> str:
    return draft(write_pdf(folder / "policy.pdf", *pages), "policy")


def branch(text: str, phase: str = "initial") -> list[dict[str, Any]]:
    (indication,) = yaml.safe_load(text)["indications"]
    return list(indication[phase])


def leaves(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [leaf for node in nodes for leaf in (leaves(parts(node)) if parts(node) else [node])]


def parts(node: dict[str, Any]) -> list[dict[str, Any]]:
    inner = node.get("of")  # of `treated`: what is counted
    return inner if isinstance(inner, list) else []


def shape(node: dict[str, Any]) -> Any:
    return {node["kind"]: [shape(part) for part in parts(node)]} if parts(node) else node["kind"]


def bound(node: dict[str, Any], key: str) -> str:
    return f"{node[key]['value']:g} {node[key]['unit']}"


@pytest.fixture(scope="module")
def set_in(tmp_path_factory: pytest.TempPathFactory) -> str:
    return drafted(tmp_path_factory.mktemp("set_in"), *SET_IN)


@pytest.fixture(scope="module")
def bullets(tmp_path_factory: pytest.TempPathFactory) -> str:
    return drafted(tmp_path_factory.mktemp("bullets"), BULLETS)


def test_lists_become_a_tree_of_kinds(set_in: str) -> None:
    shapes = [shape(node) for node in branch(set_in)]
    assert shapes[:6] == [
        "age",
        "measured",
        {"any_of": ["treated", "treated", "treated"]},
        "measured",
        "prescriber",
        "concurrent",
    ]
    assert [shape(node) for node in branch(set_in, "continuation")][:2] == ["treated", "response"]


def test_numbers_stand_at_their_keys(set_in: str) -> None:
    age, antibody, ways, enzyme, prescriber, others, *more = branch(set_in)
    response, failures, steroid = ways["of"]
    groups = yaml.safe_load(set_in)["groups"]
    assert bound(age, "start") == "18 years" and "end" not in age
    assert antibody["analytes"] == ["acetylcholine_receptor_antibody"]
    assert antibody["results"] == ["positive"]
    assert bound(response, "duration") == "8 weeks" and response["outcome"] == ["failed"]
    assert failures["count"] == 2 and failures["of"] == "groups"
    assert [groups[name]["ingredients"] for name in failures["groups"]] == [
        ["azathioprine"], ["mycophenolate mofetil"], ["cyclosporine"],
    ]  # fmt: skip
    assert steroid["outcome"] == ["contraindicated"]
    assert groups[steroid["groups"][0]]["classes"] == ["corticosteroid"]
    assert bound(enzyme, "under") == "2 x ULN" and bound(enzyme, "within") == "90 days"
    assert prescriber["specialties"]["value"] == ["neurology"] and prescriber["consultation"]
    assert groups[others["not_together"][0]]["ingredients"] == ["eculizumab", "rozanolixizumab"]
    assert {bound(leaf, "length") for leaf in more if "length" in leaf} == {"6 months"}
    established, _, *later = branch(set_in, "continuation")
    assert bound(established, "duration") == "3 months" and "groups" not in established
    assert {bound(leaf, "length") for leaf in later if "length" in leaf} == {"12 months"}
    for phase in ("initial", "continuation"):
        limits = [one for one in leaves(branch(set_in, phase)) if one["kind"] == "request_limit"]
        assert {bound(one, key) for one in limits for key in ("dose", "every") if key in one} == {
            "1200 mg",
            "7 days",
        }


def test_the_head_of_the_file_is_read(set_in: str) -> None:
    policy = yaml.safe_load(set_in)
    assert str(policy["version"]) == "2026-02-01"
    assert policy["products"] == ["efgartigimod"] and policy["hcpcs"] == ["J9332"]
    (indication,) = policy["indications"]
    assert indication["id"] == "myasthenia_gravis"
    assert indication["codes"] == {"value": ["G70.01"], "source": "page 2"}


def test_each_criterion_bears_the_printed_words_and_their_page(set_in: str) -> None:
    assert "# page 1: Patient is 18 years of age or older\n      - id: age\n" in set_in
    assert re.search(
        r"# page 1: Creatine kinase is less than 2 times the upper limit of normal within the past"
        r" 90 days\n +- id: \w+\n.*\n +kind: measured\n +source: page 1\n",
        set_in,
    )
    assert re.search(
        r"# page 2: Improvement of symptoms .*\n(?: .*\n){3} +source: page 2\n", set_in
    )


def test_background_asks_for_nothing(set_in: str) -> None:
    assert "chronic disease" not in set_in


def test_an_exclusion_is_no_condition(set_in: str) -> None:
    (excluded,) = [node for node in branch(set_in) if node["kind"] == "not"]
    assert bound(excluded["of"][0], "end") == "16 years"
    assert "exclusion" in excluded["todo"]


def test_lists_that_are_not_set_in_nest_by_their_marks(tmp_path: Path) -> None:
    text = drafted(tmp_path, FLUSH)
    assert [shape(node) for node in branch(text)] == [
        "diagnosis",
        {"any_of": ["treated", {"all_of": ["age", "treated"]}]},
        "measured",
        "request_limit",
    ]
    assert bound(branch(text)[2], "at_least") == "5 {score}"
    response, length = branch(text, "continuation")
    assert response["kind"] == "response" and bound(length, "length") == "12 months"


def test_what_is_not_known_is_left_open(bullets: str) -> None:
    beekeeper, prednisone, _, antibody, *_ = branch(bullets)
    assert beekeeper["kind"] == "todo"
    assert "# page 1: The home was visited by a certified beekeeper" in bullets
    assert "20 mg" in prednisone["todo"]  # no kind of general use holds a dose
    assert bound(prednisone, "duration") == "6 weeks"
    assert antibody["at_least"]["unit"] == "todo"


def test_bullets_and_their_numbers(bullets: str) -> None:
    *_, ways, _, dose, promise, never, length = branch(bullets)
    platelets, score = ways["of"]
    assert ways["kind"] == "any_of"
    assert bound(platelets, "at_least") == "100000 /uL"
    assert bound(score, "at_most") == "2 {score}" and score["findings"] == ["todo"]
    limits = dose["of"]
    assert (bound(limits[0], "dose"), bound(limits[1], "every")) == ("10 mg/kg", "1 weeks")
    assert promise["kind"] == "statement" and promise["findings"] == ["todo"]
    assert never["never"] is True
    assert bound(length, "length") == "4 months"


def test_a_list_that_contradicts_itself_is_told(tmp_path: Path) -> None:
    text = drafted(
        tmp_path,
        (
            "Vyvgart (efgartigimod alfa) for myasthenia gravis",
            "Approve if ALL of the following are met:",
            "1. Age 18 years or older; OR",
            "2. Prescribed by a neurologist",
        ),
    )
    (tree,) = (node for node in branch(text) if "of" in node)
    assert "'or'" in tree["todo"]


def asked(folder: Path, *items: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The criteria of a short list, and the groups that they name."""
    head = ("Vyvgart (efgartigimod alfa) for myasthenia gravis", "Approve if ALL of the following:")
    text = drafted(folder, (*head, *(f"{n}. {item}" for n, item in enumerate(items, start=1))))
    return branch(text), yaml.safe_load(text).get("groups", {})


def test_tried_or_contraindicated_are_two_ways(tmp_path: Path) -> None:
    ((ways, failed), _) = asked(
        tmp_path,
        "Patient has tried azathioprine for 12 weeks, or azathioprine is contraindicated",
        "Failure of azathioprine for 12 weeks, unless contraindicated",
    )
    tried, waived = ways["of"]
    assert ways["kind"] == "any_of" and "outcome" not in tried
    assert bound(tried, "duration") == "12 weeks"
    assert waived["outcome"] == ["contraindicated"] and "duration" not in waived
    assert failed["outcome"] == ["failed", "contraindicated"]


def test_drugs_that_the_lexicon_lacks_are_told(tmp_path: Path) -> None:
    ((others,), groups) = asked(tmp_path, "Not together with Zortrubex, Qualmera or eculizumab")
    assert groups[others["not_together"][0]]["ingredients"] == ["eculizumab"]
    assert "Zortrubex, Qualmera" in others["todo"]


def test_a_class_counts_before_its_examples(tmp_path: Path) -> None:
    ((open_list, closed_list), groups) = asked(
        tmp_path,
        "Failure of a proton pump inhibitor (e.g., omeprazole)",
        "Failure of a proton pump inhibitor (i.e., omeprazole, pantoprazole)",
    )
    assert groups[open_list["groups"][0]]["classes"] == ["proton_pump_inhibitor"]
    assert "ingredients" not in groups[open_list["groups"][0]]
    assert groups[closed_list["groups"][0]]["ingredients"] == ["omeprazole", "pantoprazole"]


def test_numbers_that_no_key_holds_are_told(tmp_path: Path) -> None:
    ((diagnosis, age), _) = asked(
        tmp_path,
        "Diagnosis of myasthenia gravis for at least 6 months",
        "Patient is 18 years of age or older, or has a guardian who signs the form",
    )
    assert "6 months" in diagnosis["todo"]
    assert "guardian" in age["todo"]


def test_renewals_told_once_are_of_every_disease(tmp_path: Path) -> None:
    text = drafted(
        tmp_path,
        (
            "Entyvio (vedolizumab)",
            "Ulcerative colitis",
            "Approve if ALL of the following are met:",
            "1. Age 18 years or older; AND",
            "2. Failure of mesalamine",
            "Crohn's disease",
            "Approve if ALL of the following are met:",
            "1. Age 18 years or older; AND",
            "2. Failure of budesonide",
            "Renewal",
            "Approve if ALL of the following are met:",
            "1. Clinical response to therapy; AND",
            "2. Dose does not exceed 300 mg",
        ),
    )
    colitis, crohn = yaml.safe_load(text)["indications"]
    assert (colitis["id"], crohn["id"]) == ("ulcerative_colitis", "crohn_disease")
    for one in (colitis, crohn):
        assert [node["kind"] for node in one["continuation"]] == ["response", "request_limit"]
        assert "each of the diseases" in one["continuation"][0]["todo"]


def test_a_draft_is_refused_with_every_line_that_is_open(bullets: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(bullets, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="settle it and delete the mark") as caught:
        check_policy(path, models_dir())
    told = {error.line for error in (caught.value, *caught.value.others)}
    marked = {
        number
        for number, line in enumerate(bullets.splitlines(), start=1)
        if re.search(r"\btodo\b", re.sub(r"#.*", "", line))
    }
    assert told == marked
    with pytest.raises(KnowledgeError):
        load_policies(tmp_path, load_lexicon(models_dir()))


def test_one_mark_is_enough_to_refuse_a_finished_policy(tmp_path: Path) -> None:
    shipped = (models_dir() / "policies" / "fep-ibrance.yaml").read_text(encoding="utf-8")
    path = tmp_path / "fep-ibrance.yaml"
    path.write_text(shipped + "todo: ask the payer\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="ask the payer"):
        check_policy(path, models_dir())


def test_a_draft_whose_marks_are_settled_is_a_policy(set_in: str, tmp_path: Path) -> None:
    settled = re.sub(r"^ *todo:.*\n", "", set_in, flags=re.MULTILINE)
    settled = settled.replace("read: todo", "read: 2026-03-01").replace("todo", "Foxglove Mutual")
    path = tmp_path / "policy.yaml"
    path.write_text(settled, encoding="utf-8")
    assert check_policy(path, models_dir()).products == ("efgartigimod",)


def test_what_cannot_be_drafted_is_told(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_text("Dear colleague, this is no PDF.\n" * 20)
    print_ = write_pdf(tmp_path / "print.pdf", BULLETS)
    scan = scan_pdf(tmp_path / "scan.pdf", scanned(print_))
    picture = tmp_path / "page.png"
    scanned(print_)[0].convert("L").save(picture)
    novel = write_pdf(tmp_path / "novel.pdf", ("It was a dark and stormy night.",))
    for path, reason in (
        (tmp_path / "letter.pdf", "document.unsupported"),
        (scan, "page 1 is a picture"),
        (picture, "is no PDF"),
        (novel, "no list of criteria"),
    ):
        with pytest.raises(UsageError, match=reason):
            draft(path, "policy")


def test_the_command_writes_a_new_file_or_to_the_screen(chartgap: Chartgap, tmp_path: Path) -> None:
    print_ = write_pdf(tmp_path / "Vyvgart 2026.pdf", *SET_IN)
    shown = chartgap("policy", "draft", print_)
    assert shown.returncode == 0 and yaml.safe_load(shown.stdout)["id"] == "vyvgart_2026"
    target = tmp_path / "foxglove.yaml"
    assert chartgap("policy", "draft", print_, target).returncode == 0
    checked = chartgap("policy", "check", target)
    assert checked.returncode == 2 and "foxglove.yaml:3: todo" in checked.stderr
    before = target.read_bytes()
    again = chartgap("policy", "draft", print_, target)
    assert again.returncode == 2 and "is there already" in again.stderr
    assert target.read_bytes() == before
    (tmp_path / "broken.pdf").write_bytes(b"no PDF")
    broken = chartgap("policy", "draft", tmp_path / "broken.pdf", tmp_path / "new.yaml")
    assert broken.returncode == 2 and "broken.pdf" in broken.stderr
    assert not (tmp_path / "new.yaml").exists()


# ------------------------------------------------------------------------------ diff


def test_diff_names_what_another_version_would_judge_otherwise(tmp_path: Path) -> None:
    write_pdf(tmp_path / "inbox" / "whole.pdf", REQUEST, NOTE)
    out = tmp_path / "out"
    assert run_chartgap("run", tmp_path / "inbox", "--out", out, "--workers", 1).returncode == 0
    shipped = models_dir() / "policies" / "rituximab-polymyositis.yaml"
    text = shipped.read_text(encoding="utf-8")
    old = tmp_path / "old" / shipped.name
    new = tmp_path / "new" / shipped.name
    for path in (old, new):
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    same = run_chartgap("policy", "diff", old, new, "--out", out)
    assert (same.returncode, same.stdout) == (0, "0 of 1 cases would change\n")
    trial = text.index("kind: drug_trial")
    raised = re.sub(r"duration: \{value: \d+", "duration: {value: 200", text[trial:], count=1)
    new.write_text(text[:trial] + raised, encoding="utf-8")
    told = run_chartgap("policy", "diff", old, new, "--out", out)
    assert told.returncode == 0, told.stderr
    first, *flips, last = told.stdout.splitlines()
    assert first.startswith("whole-") and last == "1 of 1 cases would change"
    assert any(re.match(r"  immunosuppressant_trial: met -> \w+: .+", flip) for flip in flips), (
        flips
    )
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
