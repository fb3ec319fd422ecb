"""The review pages as an application: who may ask, what is asked, what is answered."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline import worklist
from pipeline.edited_file import Line
from pipeline.errors import UsageError
from pipeline.letter import DRAFT
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.places import words_in
from pipeline.report import REASON_WORDS, STATUS_WORDS
from pipeline.review import desk as work
from pipeline.review import listing
from pipeline.review.desk import Desk
from pipeline.review.packet import SUBJECT, Packet, packet
from pipeline.reviews import People, load_reviews, people_of
from pipeline.schema import Box, TableName
from pipeline.store import ARTIFACTS, submission_folder
from pipeline.wording import template

STATIC = Path(__file__).parent / "static"
KINDS = {".js": "text/javascript", ".css": "text/css"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",  # without any, a browser does not say where a form is from
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
MAX_FORM = 1 << 20
TABLES: tuple[TableName, ...] = ("medications", "labs", "diagnoses", "findings")
Form = Mapping[str, str]
Answer = Callable[[Desk, Request, Form], Response]


def application(desk: Desk, origin: str, token: str) -> ASGIApp:
    """All pages, behind a guard; `token` lets one browser in, once."""
    get, post = partial(_route, desk, "GET"), partial(_route, desk, "POST")
    routes = [
        get("/", _queue),
        get("/favicon.ico", lambda desk, request, form: Response(status_code=204)),
        get("/static/{name}", _static),
        get("/s/{key}", _packet_page),
        get("/s/{key}/fact", _fact),
        get("/s/{key}/sheet/{number:int}", _sheet),
        get("/s/{key}/letter", _letter),
        post("/s/{key}/fact", _correct),
        post("/s/{key}/read", _read),
        post("/s/{key}/add", _add),
        post("/s/{key}/undo", _undo),
        post("/s/{key}/people", _people),
        post("/s/{key}/letter", _save_letter),
    ]
    pages = Starlette(routes=routes, exception_handlers={UsageError: _unknown, Exception: _fault})
    return Guard(pages, origin, token)


def _route(desk: Desk, method: str, path: str, answer: Answer) -> Route:
    async def endpoint(request: Request) -> Response:
        form: dict[str, str] = {}
        if method == "POST":
            body = b""
            async for part in request.stream():
                body += part
                if len(body) > MAX_FORM:
                    return PlainTextResponse("too much", 413)
            form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        return await run_in_threadpool(answer, desk, request, form)

    return Route(path, endpoint, methods=[method])


def _unknown(request: Request, error: Exception) -> Response:
    return PlainTextResponse("no such submission, or it cannot be read", 404)


def _fault(request: Request, error: Exception) -> Response:
    """What went wrong, without what it was about."""
    return PlainTextResponse(f"{type(error).__name__}: a fault; nothing was changed", 500)


# --------------------------------------------------------------------------- who may ask


class Guard:
    """Lets in who has the token or the cookie it was changed for, from our own pages alone."""

    def __init__(self, pages: ASGIApp, origin: str, token: str) -> None:
        self._pages, self._origin, self._token = pages, origin, token
        self._host = origin.removeprefix("http://")
        # Browsers send cookies of one port to all of a host.
        self._cookie = f"chartgap-{self._host.rpartition(':')[2]}"
        self._session = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is asked, or refuse to."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        answer = self._pages
        if headers.get("host") != self._host:  # another name for this machine: DNS rebinding
            answer = _refusal("another host", 421)
        elif scope["path"] == "/enter" and scope["method"] == "GET":
            answer = self._enter(scope)
        elif not self._is_known(headers):
            answer = _refusal("not known here: use the address that the command printed", 403)
        elif (
            scope["method"] not in ("GET", "HEAD") and headers.get("origin") != self._origin
        ) or headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            answer = _refusal("not from our own pages", 403)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await answer(scope, receive, with_headers)

    def _is_known(self, headers: Headers) -> bool:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        given = cookie.value if cookie else ""
        return bool(self._session) and secrets.compare_digest(
            given.encode(), self._session.encode()
        )

    def _enter(self, scope: Scope) -> ASGIApp:
        given = dict(parse_qsl(scope["query_string"].decode("ascii", "replace"))).get("token", "")
        if not self._token or not secrets.compare_digest(given.encode(), self._token.encode()):
            return _refusal("this address works once; start `chartgap review` again", 403)
        self._token, self._session = "", secrets.token_urlsafe(32)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._cookie, self._session, httponly=True, samesite="strict")
        return answer


def _refusal(why: str, status: int) -> ASGIApp:
    return PlainTextResponse(why, status)


# ------------------------------------------------------------------------------- pages


def _page(name: str, **values: Any) -> HTMLResponse:
    filled = template(name, ("plain", _plain), package="pipeline.review")
    return HTMLResponse(
        filled.render(status_words=STATUS_WORDS, reason_words=REASON_WORDS, **values)
    )


def _plain(code: object) -> str:
    """Codes as words."""
    return str(code or "").replace("_", " ")


@lru_cache
def _content(name: str) -> bytes | None:
    found = {path.name: path for path in STATIC.iterdir() if path.suffix in KINDS}
    return found[name].read_bytes() if name in found else None


def _static(desk: Desk, request: Request, form: Form) -> Response:
    name = request.path_params["name"]
    content = _content(name)
    if content is None:
        return PlainTextResponse("no such file", 404)
    return Response(content, media_type=KINDS[Path(name).suffix])


def _queue(desk: Desk, request: Request, form: Form) -> Response:
    listed = listing.rows(desk.out, tuple(desk.stale))
    asked = listing.asked_for(request.query_params)
    found = listing.chosen(listed, asked, desk.by)
    return _page(
        "queue.html",
        rows=found,
        total=len(listed),
        asked=asked,
        offered=listing.offered(listed),
        headings=worklist.HEADINGS,
        by=desk.by,
    )


def _found(desk: Desk, request: Request) -> Packet:
    submission = listing.submissions(desk.out).get(request.path_params["key"])
    if submission is None:
        raise UsageError("no such submission")
    return packet(desk.out, submission)


def _packet_page(desk: Desk, request: Request, form: Form) -> Response:
    try:
        shown = _found(desk, request)
    except UsageError as error:
        return PlainTextResponse(error.message, 404)
    asked = listing.asked_for(request.query_params)
    listed = listing.chosen(listing.rows(desk.out, tuple(desk.stale)), asked, desk.by)
    before, after = listing.beside(listed, request.path_params["key"])
    place = [row["key"] for row in listed]
    key = request.path_params["key"]
    return _page(
        "packet.html",
        before=before,
        after=after,
        asked=asked,
        place=place.index(key) + 1 if key in place else 0,
        count=len(listed),
        **_work_of(desk, shown),
    )


def _work_of(desk: Desk, shown: Packet, **said: Any) -> dict[str, Any]:
    """What the right side of a packet's page shows."""
    people = people_of(load_reviews(desk.out)).get(shown.submission.id, People())
    seen = people.seen
    return {
        "packet": shown,
        "key": listing.key_of(shown.submission),
        "by": desk.by,
        "people": people,
        "seen": seen if seen and seen.version == shown.version else None,
        "problem": "",
        "told_of": "",
        "chosen": "",
        **said,
    }


def _work(desk: Desk, request: Request, **said: Any) -> Response:
    return _page("work.html", **_work_of(desk, _found(desk, request), **said))


def _sheet(desk: Desk, request: Request, form: Form) -> Response:
    """The picture of a page."""
    submission = listing.submissions(desk.out).get(request.path_params["key"])
    number = request.path_params["number"]
    shown = packet(desk.out, submission) if submission else None
    if submission is None or shown is None or number >= len(shown.leaves):
        return PlainTextResponse("no such page", 404)
    page = shown.leaves[number].page
    sha256 = next(file.sha256 for file in shown.document.files if file.name == page.file)
    content = work.picture(desk, submission.source, page.file, sha256, page.number)
    if content is None:
        return PlainTextResponse("cannot be drawn", 404)
    return Response(content, media_type="image/jpeg")


def _fact(desk: Desk, request: Request, form: Form) -> Response:
    """The form of a fact."""
    shown = _found(desk, request)
    line = shown.fact(request.query_params.get("row", ""))
    if line is None:
        return PlainTextResponse("")
    return _page(
        "fact.html",
        line=line,
        key=listing.key_of(shown.submission),
        columns=_columns(line.table),
        own=[c for c in shown.corrections if c.row_id == line.row_id],
    )


def _columns(table: TableName) -> list[tuple[str, Sequence[str]]]:
    """The columns that may be corrected, and the words that each may say where these are few."""
    from pipeline.normalize.correctable import CORRECTABLE  # slow to import

    lexicon = load_lexicon(models_dir())
    more = {"finding": sorted(lexicon.findings), "analyte": sorted(lexicon.labs)}
    return [(name, more.get(name, column.words)) for name, column in CORRECTABLE[table].items()]


# ----------------------------------------------------------------------------- what is done


def _told(desk: Desk, request: Request, chosen: str, action: Callable[[], str]) -> Response:
    """Do it, and show what is so now; what speaks against it is said there too."""
    from pipeline.edits import STALE_CELL, STALE_ROW, WrongCells  # slow to import

    try:
        return _work(desk, request, told_of=action(), chosen=chosen)
    except WrongCells as error:
        since = any(cell.why in (STALE_CELL, STALE_ROW) for cell in error.wrong)
        problem = "; ".join(f"{cell.column}: {cell.why}" for cell in error.wrong)
        if since:
            problem = "somebody has changed this row since it was shown; here is what it says now"
        return _work(desk, request, problem=problem, chosen=chosen)
    except UsageError as error:
        return _work(desk, request, problem=_without_path(desk, error.message), chosen=chosen)


def _without_path(desk: Desk, message: str) -> str:
    return message.removeprefix(f"{desk.out}: ")


def _correct(desk: Desk, request: Request, form: Form) -> Response:
    """A fact is right, wrong, or not in the packet."""
    shown = _found(desk, request)
    line = shown.fact(form.get("row_id", ""))
    table = form.get("table", "")
    if table not in TABLES:
        return PlainTextResponse("no such table", 400)
    cells = {
        "row_id": form.get("row_id", ""),
        "submission_id": shown.submission.id,
        "row_version": form.get("row_version", ""),
        "comment": form.get("comment", ""),
    }
    said = {"confirm": "confirmed", "remove": "not in packet"}.get(form.get("do", ""))
    if said:
        cells["correction"] = said
    else:
        cells |= {name.removeprefix("cell."): c for name, c in form.items() if name[:5] == "cell."}

    def action() -> str:
        made = work.correct(desk, table, Line(1, cells))
        subject = line.subject if line else ""
        return f"{subject}: {made[0].what.replace('_', ' ')}" if made else "nothing was changed"

    return _told(desk, request, form.get("row_id", ""), action)


def _read(desk: Desk, request: Request, form: Form) -> Response:
    """The form of a row to be added, with the words in a box that was drawn."""
    shown = _found(desk, request)
    sheet, box = _drawn(form, shown)
    if box is None:
        return PlainTextResponse("")
    page = shown.leaves[sheet].page
    words = " ".join(word.text for word in words_in(page, box))
    table = next((t for t in TABLES if t == form.get("table")), _guessed(words))
    return _page(
        "add.html",
        table=table,
        tables=TABLES,
        sheet=sheet,
        box=" ".join(f"{edge:.1f}" for edge in box),
        words=words,
        title=shown.leaves[sheet].title,
        remark=shown.leaves[sheet].remark,
        key=listing.key_of(shown.submission),
        columns=_columns(table),
        given={SUBJECT[table]: _named(words, table)},
    )


def _drawn(form: Form, shown: Packet) -> tuple[int, Box | None]:
    """The page and the box that a form names; no box where it is none."""
    try:
        sheet = int(form.get("sheet", ""))
        x0, top, x1, bottom = (float(edge) for edge in form.get("box", "").split())
    except ValueError:
        return 0, None
    if not 0 <= sheet < len(shown.leaves):
        return 0, None
    page = shown.leaves[sheet].page
    box = (max(0.0, x0), max(0.0, top), min(page.width, x1), min(page.height, bottom))
    return sheet, box if box[0] < box[2] and box[1] < box[3] else None


def _guessed(words: str) -> TableName:
    """The table that what is named in some words belongs to."""
    return next((t for t in ("labs", "medications", "diagnoses") if _named(words, t)), "findings")


def _named(words: str, table: TableName) -> str:
    """The drug, test or disease that some words name, the longest name first; '' if none."""
    lexicon = load_lexicon(models_dir())
    parts = [word.strip(".,;:()[]") for word in words.split()]
    for length in range(min(5, len(parts)), 0, -1):
        for first in range(len(parts) - length + 1):
            name = " ".join(parts[first : first + length])
            if table == "labs" and (test := lexicon.lab(name)):
                return test.analyte
            if table == "medications" and (drug := lexicon.drug(name)):
                return drug.ingredient
            if table == "diagnoses" and lexicon.disease(name):
                return name
    return ""


def _add(desk: Desk, request: Request, form: Form) -> Response:
    """A fact that was missed, in the box that was drawn."""
    shown = _found(desk, request)
    sheet, box = _drawn(form, shown)
    table = form.get("table", "")
    if box is None or table not in TABLES:
        return PlainTextResponse("no box, or no such table", 400)
    page = shown.leaves[sheet].page
    edges = dict(zip(("x0", "top", "x1", "bottom"), map(repr, box), strict=True))
    cells = {
        **edges,
        "submission_id": shown.submission.id,
        "file": page.file,
        "page": str(page.number),
        "text": form.get("text", ""),
        "comment": form.get("comment", ""),
        **{name.removeprefix("cell."): c for name, c in form.items() if name[:5] == "cell."},
    }

    def action() -> str:
        return "added" if work.correct(desk, table, Line(1, cells)) else "it stands there already"

    return _told(desk, request, "", action)


def _undo(desk: Desk, request: Request, form: Form) -> Response:
    shown = _found(desk, request)
    name = form.get("correction", "")
    made = next((c for c in shown.corrections if c.id == name), None)

    def action() -> str:
        if made is None:
            raise UsageError("it has been undone already")
        work.undo(desk, shown.submission.id, name)
        return f"{name} undone"

    return _told(desk, request, made.row_id if made else "", action)


def _people(desk: Desk, request: Request, form: Form) -> Response:
    """Claim, release, take over, seen, reopen."""
    shown = _found(desk, request)
    name = shown.submission.id
    actions: Mapping[str, Callable[[], object]] = {
        "claim": lambda: work.claim(desk, name),
        "take over": lambda: work.claim(desk, name, takes_over=True),
        "release": lambda: work.release(desk, name),
        "seen": lambda: work.see(desk, name, form.get("version", "")),
        "reopen": lambda: work.reopen(desk, name),
    }

    def action() -> str:
        if form.get("do", "") in actions:
            actions[form["do"]]()
        return ""

    return _told(desk, request, form.get("chosen", ""), action)


# ------------------------------------------------------------------------------ the letter


def _letter(
    desk: Desk, request: Request, form: Form, problem: str = "", typed: str = ""
) -> Response:
    try:
        shown = _found(desk, request)
    except UsageError as error:
        return PlainTextResponse(error.message, 404)
    people = people_of(load_reviews(desk.out)).get(shown.submission.id, People())
    folder = submission_folder(desk.out, shown.submission.id)
    written = _undrafted((folder / ARTIFACTS["letter"]).read_text(encoding="utf-8"))
    saved = people.letter
    return _page(
        "letter.html",
        packet=shown,
        key=listing.key_of(shown.submission),
        by=desk.by,
        people=people,
        asked=listing.asked_for(request.query_params),
        problem=problem,
        text=typed or (saved.text if saved else written),
        written=written,
        is_older=saved is not None and saved.version != shown.version,
    )


def _undrafted(letter: str) -> str:
    """The letter without the paragraph that says that nobody has released it."""
    first, _, rest = letter.partition("\n\n")
    return rest.lstrip("\n") if first.split()[:1] == DRAFT.split()[:1] and rest else letter


def _save_letter(desk: Desk, request: Request, form: Form) -> Response:
    shown = _found(desk, request)
    text = "\n".join(form.get("text", "").replace("\r\n", "\n").split("\n")).strip() + "\n"
    try:
        if not text.strip():
            raise UsageError("the letter is empty")
        work.save_letter(
            desk,
            shown.submission.id,
            "\n".join(printable_line(line) for line in text.split("\n")),
            version=form.get("version", ""),
            after=form.get("after", ""),
            releases=form.get("do") == "release",
        )
    except UsageError as error:
        return _letter(desk, request, form, error.message, text)
    asked = listing.asked_for(request.query_params)
    return RedirectResponse(f"/s/{request.path_params['key']}/letter{asked.query}", 303)


def printable_line(line: str) -> str:
    """A line without what a terminal or a printer would obey; its blanks stay."""
    return "".join(c if c.isprintable() else " " for c in line).rstrip()
