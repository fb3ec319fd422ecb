// The keys, the boxes on the pages, and drawing one. It writes attributes and texts, never markup.
"use strict";
(() => {
const SVG = "http://www.w3.org/2000/svg";
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
let chosen = null, drawing = null, goOn = "", busy = 0;

// ------------------------------------------------------------- boxes of facts on the pages

function rect(sheet, box, kind) {
  const boxes = one(`#sheet-${Number(sheet)} .boxes`);
  if (!boxes) return null;
  const [x0, top, x1, bottom] = box.split(" ").map(Number);
  const made = document.createElementNS(SVG, "rect");
  place(made, [x0, top, x1, bottom], 2);
  made.setAttribute("class", kind);
  boxes.append(made);
  return made;
}

function place(made, [x0, top, x1, bottom], room = 0) {
  const at = { x: x0 - room, y: top - room, width: x1 - x0 + 2 * room, height: bottom - top + 2 * room };
  for (const [name, value] of Object.entries(at)) made.setAttribute(name, value);
}

function drawBoxes() {
  all(".boxes rect").forEach((old) => old.remove());
  const size = (item) => { const [a, b, c, d] = item.dataset.box.split(" ").map(Number); return (c - a) * (d - b); };
  // The smallest on top, where the pointer finds it.
  for (const item of all(".fact[data-box]").sort((a, b) => size(b) - size(a))) {
    const doubt = item.classList.contains("doubt") ? "doubt" : "";
    const made = rect(item.dataset.sheet, item.dataset.box, doubt);
    if (made) made.addEventListener("click", () => { if (!drawing) item.click(); });
  }
}

function show(sheet, box) {
  all(".boxes rect.chosen").forEach((old) => old.remove());
  const made = rect(sheet, box, "chosen");
  if (!made) return;
  made.addEventListener("pointerdown", (event) => { if (!drawing) made.remove(); event.stopPropagation(); });
  centre(made);
}

function centre(made) {
  const pages = one("#pages"), frame = pages.getBoundingClientRect(), at = made.getBoundingClientRect();
  pages.scrollBy({
    left: at.left + at.width / 2 - frame.left - frame.width / 2,
    top: at.top + at.height / 2 - frame.top - frame.height / 2,
  });
}

function choose(item) {
  if (chosen) chosen.classList.remove("chosen");
  chosen = item;
  item.classList.add("chosen");
  item.scrollIntoView({ block: "nearest" });
  if (item.dataset.box) show(item.dataset.sheet, item.dataset.box);
}

function loadPictures() {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const image = one("image", entry.target);
      if (!entry.isIntersecting || image.hasAttribute("href")) continue;
      image.setAttribute("href", image.dataset.href);
    }
  }, { root: one("#pages"), rootMargin: "800px" });
  all("#pages svg").forEach((svg) => seen.observe(svg));
}

// ------------------------------------------------------------------------- drawing a box

function setDrawing(on) {
  all(".boxes rect.new").forEach((old) => old.remove());
  drawing = on ? {} : null;
  const pages = one("#pages");
  pages.classList.toggle("drawing", on);
  one("#draw").setAttribute("aria-pressed", String(on));
  if (!on) return;
  const svg = inView();
  const [width, height] = [Number(svg.dataset.width), Number(svg.dataset.height)];
  begin(svg, [width / 2 - 60, height / 2 - 10, width / 2 + 60, height / 2 + 10]);
  pages.focus({ preventScroll: true });
  centre(drawing.rect);
}

function begin(svg, box) {
  all(".boxes rect.new").forEach((old) => old.remove());
  drawing = { svg, box, rect: rect(svg.dataset.sheet, box.join(" "), "new"), from: null };
}

function inView() {
  const middle = one("#pages").getBoundingClientRect();
  const y = middle.top + middle.height / 2;
  const svgs = all("#pages svg");
  return svgs.find((svg) => svg.getBoundingClientRect().bottom > y) || svgs[svgs.length - 1];
}

function point(svg, event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(one("g", svg).getScreenCTM().inverse());
  const within = (value, most) => Math.min(Math.max(value, 0), Number(most));
  return [within(at.x, svg.dataset.width), within(at.y, svg.dataset.height)];
}

function takeBox() {
  const { svg, box } = drawing, form = one("#read");
  if (box[2] - box[0] < 3 || box[3] - box[1] < 3) return;
  form.elements.sheet.value = svg.dataset.sheet;
  form.elements.box.value = box.map((edge) => edge.toFixed(1)).join(" ");
  const kept = drawing.rect;
  drawing = null;
  one("#pages").classList.remove("drawing");
  one("#draw").setAttribute("aria-pressed", "false");
  kept.scrollIntoView({ block: "nearest" });
  form.requestSubmit();
}

function drawWithPointer() {
  const pages = one("#pages");
  pages.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest("svg");
    if (!drawing || !svg || event.button) return;
    const [x, y] = point(svg, event);
    begin(svg, [x, y, x, y]);
    drawing.from = [x, y];
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  pages.addEventListener("pointermove", (event) => {
    if (!drawing || !drawing.from) return;
    const [x, y] = point(drawing.svg, event), [a, b] = drawing.from;
    drawing.box = [Math.min(x, a), Math.min(y, b), Math.max(x, a), Math.max(y, b)];
    place(drawing.rect, drawing.box);
  });
  pages.addEventListener("pointerup", () => { if (drawing && drawing.from) takeBox(); });
}

function drawWithKeys(event) {
  const step = { ArrowLeft: [-4, 0], ArrowRight: [4, 0], ArrowUp: [0, -4], ArrowDown: [0, 4] }[event.key];
  if (event.key === "Escape") setDrawing(false);
  else if (event.key === "Enter") takeBox();
  else if (step) {
    const [x, y] = step, box = drawing.box;
    drawing.box = event.shiftKey
      ? [box[0], box[1], Math.max(box[2] + x, box[0] + 4), Math.max(box[3] + y, box[1] + 4)]
      : [box[0] + x, box[1] + y, box[2] + x, box[3] + y];
    place(drawing.rect, drawing.box);
    centre(drawing.rect);
  } else return false;
  event.preventDefault();
  return true;
}

// ---------------------------------------------------------------------------------- keys

const shown = (element) => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;

function step(by) {
  const items = all(".item").filter(shown);
  const at = items.indexOf(chosen && chosen.isConnected ? chosen : document.activeElement);
  const next = items[Math.min(Math.max(at + by, 0), items.length - 1)];
  if (!next) return;
  next.focus({ preventScroll: true });
  if (document.body.classList.contains("queue")) choose(next);
  else if (next.matches(".fact")) next.click();
  else choose(next);
}

function turnPage(by) {
  const svgs = all("#pages svg"), at = svgs.indexOf(inView());
  const next = svgs[Math.min(Math.max(at + by, 0), svgs.length - 1)];
  if (next) next.scrollIntoView({ block: "center" });
}

function zoom(by) {
  const pages = one("#pages"), now = Number(pages.className.match(/zoom-(\d)/)[1]);
  pages.classList.replace(`zoom-${now}`, `zoom-${Math.min(Math.max(now + by, 0), 3)}`);
  const made = one(".boxes rect.chosen");
  if (made) centre(made);
}

const OWN = {
  "?": () => one("#keys").showModal(),
  j: () => step(1), k: () => step(-1),
  e: () => { const field = one("#edit .fields input, #edit .fields select"); if (field) field.focus(); },
  f: () => { const on = document.body.classList.toggle("only-open"); one("#only-open").setAttribute("aria-pressed", String(on)); },
  d: () => setDrawing(!drawing),
  "+": () => zoom(1), "-": () => zoom(-1), "[": () => turnPage(-1), "]": () => turnPage(1),
  "/": () => { const field = one("#filters select"); if (field) field.focus(); },
};
const OF_PACKET = "efd+-[]";

function press(key) {
  const isPacket = document.body.classList.contains("packet");
  if (OWN[key] && (isPacket || !OF_PACKET.includes(key))) { OWN[key](); return true; }
  const button = all(`[data-key="${CSS.escape(key)}"]`).find(shown);
  if (!button) return false;
  // What was done last is not known before it is answered: nothing is undone or done twice.
  if (!busy || !button.closest("form")) button.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, select, textarea");
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const save = one("[data-save]", (field || document.body).closest("form") || document) || one("[data-save]");
    if (save && !busy) save.click();
    if (save) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (field) {
    if (event.key === "Escape") { field.blur(); if (chosen && chosen.isConnected) chosen.focus(); }
    return;
  }
  if (drawing && drawWithKeys(event)) return;
  if (event.key.length === 1 && press(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const own = event.target.closest("button[data-key]");
  if (own && OWN[own.dataset.key] && event.isTrusted) OWN[own.dataset.key]();
  const item = event.target.closest(".item, .spot");
  if (item && document.body.classList.contains("packet")) {
    if (item.matches(".spot")) show(item.dataset.sheet, item.dataset.box);
    else choose(item);
    // No form stands beside a fact that it is not of, and none takes words that its successor drops.
    if (item.matches(".fact")) one("#edit").replaceChildren();
  }
  const onward = event.target.closest("[data-next]");
  if (onward && chosen) {
    const items = all(".fact").filter(shown), next = items[items.indexOf(chosen) + 1];
    goOn = next ? next.dataset.row : "";
  }
});

// ---------------------------------------------------------------------- after every answer

function count(event, by) {
  if (event.detail.ctx.request.method !== "POST") return;
  busy = Math.max(0, busy + by);
  document.body.classList.toggle("busy", busy > 0);
}

function settle() {
  const work = one("#work");
  if (!work || work.dataset.drawn) return;  // something else was answered
  work.dataset.drawn = "yes";
  drawBoxes();
  const done = one("#said .problem") ? work.dataset.chosen : goOn || work.dataset.chosen;
  goOn = "";
  if (chosen && chosen.isConnected) return;  // somebody chose while it was answered
  const item = done ? document.getElementById(`row-${done}`) : null;
  if (!item) return;
  item.focus({ preventScroll: true });
  item.click();
}

document.addEventListener("DOMContentLoaded", () => {
  const filters = one("#filters");
  if (filters) filters.addEventListener("change", () => filters.requestSubmit());
  if (!one("#pages")) return;
  loadPictures();
  drawWithPointer();
  settle();
  document.addEventListener("htmx:after:swap", settle);
  document.addEventListener("htmx:before:request", (event) => count(event, 1));
  document.addEventListener("htmx:finally:request", (event) => count(event, -1));
  const first = one(".item");
  if (first) { chosen = first; first.classList.add("chosen"); }
});
})();
