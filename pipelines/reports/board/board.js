"use strict";
// The board's own script: draws the charts, runs the list. It asks nothing of a network and writes text as text only.
const said = JSON.parse(document.getElementById("content").textContent);
const PAGE = 50, MOST_PRINTED = 300, PAPER = {width: 1010, height: 560};
const make = (tag, text, name) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  return made;
};

// Charts -----------------------------------------------------------------------------------------------------------------
// A chart fills its place, whose size is set: on paper the width of the page, never higher than one.
const charts = Object.entries(said.charts).map(([name, figure]) => ({place: document.getElementById(name), ...figure}));
const size = isPaper => charts.forEach(({place, layout: {height}}) => {
  const beside = place.closest(".charts").children.length;
  place.style.width = isPaper ? `${PAPER.width / beside}px` : "";
  place.style.height = `${isPaper ? Math.min(PAPER.height, height) : height}px`;
});
size(false);
for (const {place, data, layout: {height, ...layout}} of charts) {
  Plotly.newPlot(place, data, layout, {displayModeBar: false, responsive: true, showTips: false});
}
const resized = isPaper => { size(isPaper); charts.forEach(({place}) => Plotly.Plots.resize(place)); };

// The list ---------------------------------------------------------------------------------------------------------------
class Listing {
  constructor(place, list) {
    this.place = place;
    this.columns = list.columns.map(column => ({...column, at: row => column.words ? column.words[column.values[row]] : column.values[row]}));
    this.column = Object.fromEntries(this.columns.map(column => [column.title, column]));
    this.list = list;
    this.inRow = this.columns.filter(column => column.place === "row");
    this.more = this.columns.filter(column => column.place === "more");
    this.all = Array.from({length: list.rows}, (_, row) => row);
    const looked = this.columns.filter(column => !column.number);
    this.text = this.all.map(row => looked.map(column => column.at(row) || "").join("\n").toLowerCase());
    this.sorted = null;
    this.size = PAGE;
    this.controls();
    this.head();
    this.show();
  }

  controls() {
    const form = this.place.querySelector(".choose");
    form.addEventListener("submit", event => event.preventDefault());
    this.search = form.querySelector("input");
    this.search.addEventListener("input", () => this.changed());
    this.chosen = new Map();
    for (const select of form.querySelectorAll("select")) {
      this.chosen.set(select.dataset.column, select);
      select.addEventListener("change", () => this.changed());
    }
    form.querySelector(".reset").addEventListener("click", () => {
      this.search.value = "";
      for (const select of this.chosen.values()) select.value = "";
      this.changed();
    });
    form.querySelector(".all-evidence").addEventListener("click", event => {
      const isOpen = event.currentTarget.getAttribute("aria-pressed") !== "true";
      event.currentTarget.setAttribute("aria-pressed", isOpen);
      this.place.querySelectorAll("td.open button").forEach(button => this.open(button, isOpen));
    });
    this.place.querySelector(".more").addEventListener("click", () => { this.size += 4 * PAGE; this.show(); });
  }

  head() {
    const row = this.place.querySelector("thead tr");
    const first = row.appendChild(make("th", undefined, "open"));
    first.scope = "col";
    first.setAttribute("aria-label", "依据");
    for (const column of this.inRow) {
      const cell = row.appendChild(make("th", undefined, column.number ? "number" : ""));
      cell.scope = "col";
      cell.dataset.title = column.title;
      const button = cell.appendChild(make("button", column.title));
      button.type = "button";
      if (column.unit) cell.appendChild(make("small", column.unit));
      button.addEventListener("click", () => this.sort(column, cell));
    }
  }

  // First click: numbers from the largest, ranks and texts from the first; the second turns it, the third gives the list's own order back.
  sort(column, cell) {
    const first = column.number && column.unit !== "名" ? "descending" : "ascending";
    const now = cell.getAttribute("aria-sort");
    const next = !now ? first : now === first ? (first === "ascending" ? "descending" : "ascending") : null;
    cell.parentElement.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
    if (next) cell.setAttribute("aria-sort", next);
    this.sorted = next && {column, turn: next === "ascending" ? 1 : -1};
    this.changed();
  }

  matching() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const tests = [...this.chosen].filter(([, select]) => select.value).map(([title, select]) => {
      const values = select.value.split("|");
      return row => values.includes(this.column[title].at(row));
    });
    const rows = this.all.filter(row => words.every(word => this.text[row].includes(word)) && tests.every(test => test(row)));
    if (this.sorted) {
      const {column, turn} = this.sorted, known = row => column.at(row) !== null;
      rows.sort((a, b) => known(b) - known(a) || (known(a) ? turn * this.compared(column, a, b) : 0) || a - b);
    }
    return rows;
  }

  compared(column, a, b) {
    return column.number ? column.at(a) - column.at(b) : column.at(a).localeCompare(column.at(b), "zh-CN");
  }

  changed() { this.size = PAGE; this.show(); }

  show(size = this.size) {
    const rows = this.matching(), body = make("tbody");
    for (const row of rows.slice(0, size)) body.append(...this.rows(row));
    this.place.querySelector("tbody").replaceWith(body);
    this.place.querySelector(".all-evidence").setAttribute("aria-pressed", "false");
    this.place.querySelector(".count").textContent = this.counted(rows.length, Math.min(size, rows.length));
    this.place.querySelector(".more").hidden = rows.length <= size;
  }

  counted(found, shown) {
    const part = shown < found ? `，显示前 ${shown.toLocaleString("zh-CN")} 家` : "";
    return `符合 ${found.toLocaleString("zh-CN")} 家（共 ${this.list.rows.toLocaleString("zh-CN")} 家）${part}`;
  }

  rows(row) {
    const state = this.column[this.list.state].at(row), tone = this.list.tones[state];
    const line = make("tr", undefined, tone), detail = make("tr", undefined, "evidence");
    const button = make("button", "+");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", detail.id = `evidence-${row}`);
    button.setAttribute("aria-label", `依据：${this.column[this.list.name].at(row)}`);
    button.addEventListener("click", () => this.open(button, button.getAttribute("aria-expanded") === "false", detail));
    line.appendChild(make("td", undefined, "open")).appendChild(button);
    for (const column of this.inRow) {
      const cell = line.appendChild(make("td", undefined, column.number ? "number" : ""));
      if (column.title === this.list.state) cell.appendChild(make("span", state, "state"));
      else cell.textContent = this.written(column, row);
    }
    detail.hidden = true;
    detail.appendChild(this.evidence(row));
    return [line, detail];
  }

  open(button, isOpen) {
    button.setAttribute("aria-expanded", isOpen);
    button.textContent = isOpen ? "−" : "+";
    document.getElementById(button.getAttribute("aria-controls")).hidden = !isOpen;
  }

  evidence(row) {
    const cell = make("td"), facts = make("dl");
    cell.colSpan = this.inRow.length + 1;
    cell.appendChild(make("p", this.column[this.list.evidence].at(row)));
    for (const column of this.more) {
      if (column.title === this.list.evidence || column.at(row) === null) continue;
      const fact = facts.appendChild(make("div"));
      fact.append(make("dt", column.title), make("dd", `${this.written(column, row)} ${column.number ? column.unit : ""}`));
    }
    cell.appendChild(facts);
    return cell;
  }

  written(column, row) {
    const value = column.at(row);
    if (value === null) return "—";
    const digits = {minimumFractionDigits: column.decimals || 0, maximumFractionDigits: column.decimals || 0};
    return column.number ? value.toLocaleString("zh-CN", digits) : value;
  }
}

const place = document.getElementById("listing");
const listing = place && new Listing(place, said.listing);

// Paper: charts as wide as the page, the list as it is chosen, with its evidence ----------------------------------------------
addEventListener("beforeprint", () => { resized(true); if (listing) listing.show(MOST_PRINTED); });
addEventListener("afterprint", () => { resized(false); if (listing) listing.show(); });

// Where the reader is ------------------------------------------------------------------------------------------------------
const links = new Map([...document.querySelectorAll("nav a")].map(link => [link.hash.slice(1), link]));
const seen = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    links.forEach(link => link.removeAttribute("aria-current"));
    links.get(entry.target.id).setAttribute("aria-current", "true");
  }
}, {rootMargin: "-110px 0px -70% 0px"});
document.querySelectorAll("main > section").forEach(section => seen.observe(section));
