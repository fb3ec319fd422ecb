"""The review pages as people use them: real clicks and keys in one headless browser.

Without Chromium (`apt-get install chromium`) only what needs no browser is tested.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipeline.corrections import load_corrections
from pipeline.errors import UsageError
from pipeline.review.app import application
from pipeline.review.desk import Desk, Refused, claim, release, report_version, save_letter, see
from pipeline.review.listing import Filter, beside, chosen
from pipeline.reviews import load_reviews, people_of
from pipeline.schema import Correction
from tests.conftest import NOTE, REQUEST, run_chartgap, write_pdf

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
LABS = (
    "LABORATORY REPORT   Collected: 08/20/2026",
    "Patient: Testa Sampleton    DOB: 01/02/1960",
    "Creatine kinase 4,812 U/L (reference 30 - 223)",
    "Aldolase 12.5 U/L (reference 1.0 - 7.5)",
    "Seen by the night nurse: ferritin drawn, result 210",
)
HOSTILE = (
    "OFFICE NOTE 09/01/2026",
    "Patient: Hostila <script>document.title='ran'</script>    DOB: 03/04/1961",
    "Polymyositis. Prednisone 60 mg daily, \"><img src=x onerror=document.title='ran'>.",
    'Methotrexate {{ 7 * 7 }} {% raw %} mg weekly, failed because \'" hx-get="//evil.example" \'.',
    'Creatine kinase 900 U/L =HYPERLINK("http://evil.example","x") javascript:alert(1)',
)
CANARIES = ("Testa", "Sampleton", "Hostila", "4812", "Methotrexate")


class Server(NamedTuple):
    """A running `chartgap review` and the address that it printed."""

    process: subprocess.Popen[str]
    url: str

    @property
    def origin(self) -> str:
        return self.url.partition("/enter")[0]


@contextlib.contextmanager
def serving(out: Path, by: str) -> Iterator[Server]:
    command = [sys.executable, "-m", "pipeline", "review", "--out", str(out), "--by", by]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        yield Server(process, process.stdout.readline().strip())
    finally:
        process.terminate()
        said, trouble = process.communicate(timeout=60)
        assert not any(word in said + trouble for word in CANARIES)


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("review")
    write_pdf(base / "inbox" / "Sampleton_Testa.pdf", REQUEST, NOTE, LABS)
    write_pdf(base / "inbox" / "hostile.pdf", (*REQUEST[:1], HOSTILE[1], *REQUEST[2:]), HOSTILE)
    write_pdf(base / "inbox" / "other.pdf", ("OFFICE NOTE 09/01/2026", "Patient: Nemo Nobody"))
    assert run_chartgap("run", base / "inbox", "--out", base / "out").returncode == 0
    return base / "out"


@pytest.fixture(scope="module")
def out(read_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One OUT that all of the browser's tests work in, in their order."""
    folder = tmp_path_factory.mktemp("reviewed") / "out"
    shutil.copytree(read_once, folder)
    return folder


@pytest.fixture(scope="module")
def anna(out: Path) -> Iterator[Server]:
    with serving(out, "anna") as server:
        yield server


@pytest.fixture(scope="module")
def pages(anna: Server) -> Iterator[Any]:
    """A browser with anna's page; what it asked for and what it complained of is kept."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(60_000)
        page.heard, page.asked = [], []
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("pageerror", lambda error: page.heard.append(str(error)))
        page.on("dialog", lambda dialog: page.heard.append(dialog.message))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(anna.url)
        yield page
        browser.close()


def made(out: Path) -> list[Correction]:
    return [c for c in load_corrections(out) if not c.withdrawn_at]


def open_packet(page: Any, anna: Server, name: str) -> None:
    page.goto(f"{anna.origin}/")
    page.locator("a.item", has_text=name).click()
    opened(page, "#work")


def opened(page: Any, selector: str) -> None:
    """Wait until the next page has come, and its script, which hears the keys."""
    page.wait_for_selector(selector)
    page.wait_for_load_state("load")


def done(page: Any, *said: str) -> None:
    """Wait until it is said, and everything that was asked for is answered and drawn."""
    for text in said:
        page.locator("#said", has_text=text).wait_for()
    page.wait_for_selector("body:not(.busy):not(:has(.htmx-request))")


def choose(page: Any, text: str, *, box: bool = True) -> None:
    done(page)
    page.locator(".fact", has_text=text).first.click()
    done(page)
    page.wait_for_selector("#edit form")
    if box:
        page.wait_for_selector("rect.chosen")


# ------------------------------------------------------------------------ in the browser


@needs_browser
def test_filter_and_open_by_keys(pages: Any, anna: Server) -> None:
    page = pages
    assert page.locator("tbody tr").count() == 3
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "recommendation"
    page.select_option("select[name=policy]", "rituximab-polymyositis")
    page.wait_for_url("**policy=rituximab-polymyositis*")
    names = page.locator("a.item").all_inner_texts()
    assert len(names) == 2
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    opened(page, "#work")
    assert "2 of 2" in page.inner_text("nav")
    assert page.locator("nav [data-key=n]").count() == 0
    page.keyboard.press("p")
    page.locator("nav", has_text="1 of 2").wait_for()
    assert "policy=" in page.url
    # Addresses bear digests and codes, no name of a person or file.
    assert not re.search("Sampleton|Testa|hostile", page.url, re.IGNORECASE)


@needs_browser
def test_choosing_a_fact_centres_its_box(pages: Any, anna: Server) -> None:
    page = pages
    open_packet(page, anna, "Testa")
    choose(page, "aldolase")
    frame, box = (page.locator(at).bounding_box() for at in ("#pages", "rect.chosen"))
    assert abs((box["y"] + box["height"] / 2) - (frame["y"] + frame["height"] / 2)) < 80
    page.wait_for_selector("#sheet-2 image[href]", state="attached")
    # What is to be looked at comes before what is not.
    sections = page.locator("#list section").evaluate_all("all => all.map(one => one.className)")
    order = [name for name in ("open-criteria", "settled", "facts") if name in sections]
    assert [name for name in sections if name in order] == order


@needs_browser
def test_correct_and_undo(pages: Any, anna: Server, out: Path) -> None:
    page = pages
    open_packet(page, anna, "Testa")
    choose(page, "creatine kinase")
    page.fill("[name='cell.value']", "4182")
    page.keyboard.press("Control+Enter")
    done(page, "changed")
    assert "4182" in page.locator(".fact", has_text="creatine kinase").inner_text()
    (correction,) = made(out)
    assert (correction.what, correction.by) == ("changed", "anna")
    assert [(c.column, c.before, c.after) for c in correction.cells] == [("value", "4812", "4182")]
    page.locator(".fact", has_text="creatine kinase").focus()
    page.keyboard.press("u")
    done(page, "undone")
    assert "4812" in page.locator(".fact", has_text="creatine kinase").inner_text()
    assert made(out) == []
    # What means nothing is refused, and said.
    choose(page, "creatine kinase")
    page.fill("[name='cell.value']", "plenty")
    page.keyboard.press("Control+Enter")
    page.locator("#said .problem", has_text="value").wait_for()
    assert made(out) == []


@needs_browser
def test_accept_and_not_in_packet_by_keys(pages: Any, anna: Server, out: Path) -> None:
    page = pages
    open_packet(page, anna, "Testa")
    choose(page, "prednisone")
    page.keyboard.press("a")
    done(page, "prednisone: confirmed")
    choose(page, "aldolase")
    page.keyboard.press("x")
    done(page, "aldolase: not in packet")
    assert page.locator(".fact", has_text="aldolase").count() == 0
    assert [c.what for c in made(out)] == ["confirmed", "not_in_packet"]
    for _ in range(2):
        before = len(made(out))
        page.locator("[data-key=u]").click()
        while len(made(out)) == before:
            time.sleep(0.05)
        done(page)


@needs_browser
def test_add_what_was_missed_by_a_box(pages: Any, anna: Server, out: Path) -> None:
    page = pages
    open_packet(page, anna, "Testa")
    page.keyboard.press("d")
    sheet = page.locator("#sheet-2 svg")
    sheet.scroll_into_view_if_needed()
    whole = sheet.bounding_box()
    scale = whole["width"] / 612
    # The line stands 24 points below the one before; words are read from the page.
    y = 792 - 720 + 24 * 4
    start, end = (50, y - 12), (420, y + 5)
    page.mouse.move(whole["x"] + start[0] * scale, whole["y"] + start[1] * scale)
    page.mouse.down()
    page.mouse.move(whole["x"] + end[0] * scale, whole["y"] + end[1] * scale, steps=4)
    page.mouse.up()
    page.wait_for_selector("#add")
    assert "ferritin drawn, result 210" in page.input_value("#add [name=text]")
    page.select_option("#table", "labs")
    page.wait_for_selector("#add [name='cell.analyte']")
    page.select_option("#add [name='cell.analyte']", "ferritin")
    page.fill("#add [name='cell.value']", "210")
    page.keyboard.press("Control+Enter")
    done(page, "added")
    (correction,) = made(out)
    assert correction.what == "added" and correction.place is not None
    assert (correction.place.page, "210" in correction.place.text) == (3, True)
    assert "ferritin" in page.locator(".fact", has_text="added").inner_text()
    page.locator("[data-key=u]").click()
    done(page, "undone")
    # The same without a mouse: a box in the middle of the page that is shown, moved and sized.
    page.keyboard.press("d")
    for key in ("ArrowUp", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("#add")


@needs_browser
def test_two_people_do_not_overwrite_each_other(pages: Any, anna: Server, out: Path) -> None:
    page = pages
    open_packet(page, anna, "Testa")
    page.keyboard.press("r")
    page.locator("[data-key=c]").wait_for()
    with serving(out, "ben") as ben:
        other = page.context.browser.new_page()
        other.set_default_timeout(60_000)
        other.goto(ben.url)
        open_packet(other, ben, "Testa")
        choose(other, "creatine kinase")  # as it says before anna corrects it
        choose(page, "creatine kinase")
        page.fill("[name='cell.value']", "180")
        page.keyboard.press("Control+Enter")
        done(page, "changed")
        other.fill("[name='cell.value']", "999")
        other.keyboard.press("Control+Enter")
        other.locator("#said .problem", has_text="anna has claimed it").wait_for()
        # Taken over, ben sees what anna wrote; what he had before his eyes is refused.
        row = other.evaluate("document.querySelector('#work').dataset.chosen")
        other.locator("text=Take over").click()
        other.locator("#head", has_text="You have it").wait_for()
        other.evaluate("row => document.getElementById(`row-${row}`).click()", row)
        other.wait_for_selector("#edit form")
        assert other.input_value("[name='cell.value']") == "180"
        other.evaluate("document.querySelector('[name=row_version]').value = 'v0000000000'")
        other.fill("[name='cell.value']", "999")
        other.keyboard.press("Control+Enter")
        other.locator("#said .problem", has_text="changed this row since").wait_for()
        choose(page, "creatine kinase")
        page.fill("[name='cell.value']", "77")
        page.keyboard.press("Control+Enter")
        page.locator("#said .problem", has_text="ben has claimed it").wait_for()
        other.keyboard.press("r")
        other.locator("[data-key=c]").wait_for()
        other.close()
    assert [cell.after for c in made(out) for cell in c.cells] == ["180"]


@needs_browser
def test_seen_and_letter(pages: Any, anna: Server, out: Path) -> None:
    page = pages
    open_packet(page, anna, "Testa")
    page.keyboard.press("l")
    opened(page, "textarea")
    letter = page.input_value("textarea")
    assert "DRAFT" not in letter and "Reference:" in letter
    page.fill("textarea", letter + "\nPlease call us.")
    page.keyboard.press("Control+Enter")
    opened(page, "text=Saved by anna")
    page.locator("button[value=release]").click()
    opened(page, "text=Released by anna")
    (released,) = (out / "letters").iterdir()
    assert released.read_text("utf-8").endswith("Please call us.\n")
    assert released.stat().st_mode & 0o077 == 0
    page.keyboard.press("q")
    opened(page, "#work")
    page.keyboard.press("s")
    page.locator("#head", has_text="Seen by anna").wait_for()
    page.keyboard.press("q")
    opened(page, "tr.seen:has-text('seen by anna')")
    page.select_option("select[name=state]", "to_do")
    page.wait_for_url("**state=to_do*")
    assert page.locator("a.item", has_text="Testa").count() == 0


@needs_browser
def test_nothing_of_a_packet_runs_and_nothing_leaves(pages: Any, anna: Server) -> None:
    page = pages
    open_packet(page, anna, "Hostila")
    for fact in page.locator(".fact").all()[:4]:
        fact.click()
        page.wait_for_selector("#edit form")
    text = page.inner_text("#work")
    assert "{{ 7 * 7 }}" in page.content() and "49 mg" not in text
    assert "<script>" in page.inner_text("#who") or "<script>" in text
    assert page.locator("#work img, #work script, #list [hx-get^='//']").count() == 0
    page.keyboard.press("l")
    opened(page, "textarea")
    assert page.title() == "Letter"
    assert page.heard == []
    assert all(url.startswith(anna.origin) for url in page.asked)


# ----------------------------------------------------------------------- without a browser


def test_only_who_has_the_address_gets_in_once(read_once: Path, tmp_path: Path) -> None:
    shutil.copytree(read_once, tmp_path / "out")
    origin = "http://127.0.0.1:4711"
    pages = application(Desk(tmp_path / "out", "carl"), origin, "right")

    def ask(path: str, said: str = "", **headers: str) -> tuple[int, dict[str, str]]:
        answer = answered(pages, path, said, {"host": origin[7:], **headers})
        with ThreadPoolExecutor(1) as apart:  # from the loop that drives the browser
            return apart.submit(asyncio.run, answer).result()

    assert ask("/")[0] == 403
    assert ask("/enter?token=guess")[0] == 403
    assert ask("/enter?token=right", host="evil.example")[0] == 421
    status, headers = ask("/enter?token=right")
    assert status == 303
    cookie, *limits = headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=strict"} <= set(limits)
    assert ask("/enter?token=right")[0] == 403
    status, headers = ask("/", cookie=cookie)
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    (record,) = (tmp_path / "out" / "records").glob("Samp*.json")
    key = json.loads(record.read_text("ascii"))["submission"]["sha256"][:16]
    assert ask(f"/s/{key}/people", "do=claim", cookie=cookie)[0] == 403
    assert (
        ask(f"/s/{key}/people", "do=claim", cookie=cookie, origin="http://evil.example")[0] == 403
    )
    assert ask("/", cookie=cookie, **{"sec-fetch-site": "cross-site"})[0] == 403
    assert load_reviews(tmp_path / "out") == []
    assert ask(f"/s/{key}/people", "do=claim", cookie=cookie, origin=origin)[0] == 200
    assert [review.what for review in load_reviews(tmp_path / "out")] == ["claimed"]
    assert ask("/static/../desk.py", cookie=cookie)[0] == 404
    assert ask("/s/0000000000000000", cookie=cookie)[0] == 404


async def answered(
    pages: Any, path: str, said: str, headers: dict[str, str]
) -> tuple[int, dict[str, str]]:
    """Status and headers of what the application answers; with something `said` it is a POST."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http", "method": "POST" if said else "GET", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "scheme": "http", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    found: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": said.encode(), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        found.append(message)

    await pages(scope, receive, send)
    return found[0]["status"], {k.decode(): v.decode() for k, v in found[0]["headers"]}


def test_claims_and_letters_of_two_people(read_once: Path, tmp_path: Path) -> None:
    shutil.copytree(read_once, tmp_path / "out")
    anna, ben = Desk(tmp_path / "out", "anna"), Desk(tmp_path / "out", "ben")
    (name,) = (p.name for p in (tmp_path / "out" / "submissions").glob("Samp*"))
    version = report_version(anna, name)

    def holder() -> str:
        return people_of(load_reviews(tmp_path / "out"))[name].holder

    claim(anna, name)
    with pytest.raises(Refused, match="anna has claimed it"):
        claim(ben, name)
    with pytest.raises(Refused, match="anna has claimed it"):
        see(ben, name, version)
    release(ben, name)  # not his to give back
    assert holder() == "anna"
    release(anna, name)
    save_letter(ben, name, "Dear practice\n", version=version, after="", releases=False)
    release(ben, name)
    with pytest.raises(Refused, match="ben has saved another letter"):
        save_letter(anna, name, "Dear all\n", version=version, after="", releases=True)
    assert not (tmp_path / "out" / "letters").exists()
    with pytest.raises(Refused, match="has changed since"):
        see(anna, name, "another version")
    see(anna, name, version)
    people = people_of(load_reviews(tmp_path / "out"))[name]
    assert people.seen is not None and people.seen.by == "anna"
    assert (tmp_path / "out" / "reviews.jsonl").stat().st_mode & 0o077 == 0
    with (tmp_path / "out" / "reviews.jsonl").open("a") as file:
        file.write('{"what": "half')  # as a kill leaves it
    assert people_of(load_reviews(tmp_path / "out"))[name] == people
    claim(ben, name)
    assert holder() == "ben"
    with (tmp_path / "out" / "reviews.jsonl").open("a") as file:
        file.write('{"what": "nothing"}\n')
    with pytest.raises(UsageError, match=r"reviews.jsonl:\d+: is no review"):
        load_reviews(tmp_path / "out")


def test_what_comes_next_stays_within_the_filter() -> None:
    def row(key: str, **cells: str) -> dict[str, str]:
        usual = {
            "recommendation": "clinician_review", "policy_id": "p", "open": "tb; ck", "key": key,
            "incomplete": "", "ocr_pages": "0", "received": "2020-01-01", "claimed_by": "",
            "reviewed_by": "",
        }  # fmt: skip
        return usual | cells

    listed = [
        row("a"), row("b", recommendation="", open=""), row("c", open="ck"),
        row("d", reviewed_by="ben"), row("e", ocr_pages="2", claimed_by="anna"),
    ]  # fmt: skip

    def keys(**asked: str) -> str:
        return "".join(r["key"] for r in chosen(listed, Filter(**asked), "anna"))

    assert keys(open="tb") == "ade"
    assert keys(open="tb", state="to_do") == "ae"
    assert keys(recommendation="unread") == "b"
    assert keys(legibility="scanned") == keys(state="mine") == "e"
    assert keys(state="claimed") == ""
    assert keys(age="8-") == "abcde" and keys(age="0-2") == ""
    found = chosen(listed, Filter(open="tb"), "anna")
    assert beside(found, "d") == ("a", "e")
    assert beside(found, "c") == ("", "a")
