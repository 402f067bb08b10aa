// The probability of one item over the clicks, a line for each variant.

const HEIGHT = 132; // px of the lines
const APART = 14; // px between two labels
const TOPS = [0.01, 0.05, 0.1, 0.25, 0.5, 1];

class Course {
  constructor() {
    this.title = el("b", {});
    this.lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.lines.setAttribute("preserveAspectRatio", "none");
    this.lines.setAttribute("role", "img");
    this.lines.dataset.testid = "course";
    this.labels = el("div", { class: "ends" });
    this.dots = el("div", { class: "dots", "aria-hidden": "true" });
    this.top = el("span", { class: "top" });
    this.ticks = el("div", { class: "ticks" });
    this.root = el("section", { class: "course-over" },
      el("h3", { text: "Probability over the clicks" }),
      el("p", { class: "caption" }, "After every click, of ", this.title),
      el("div", { class: "plot" }, this.top, this.lines, this.dots, this.labels),
      this.ticks);
  }

  receive({ courses, variants, items, followed, steps, shown, pinned }, theme) {
    this.title.textContent = items[followed].title;
    const most = Math.max(0, ...courses.flat().filter((p) => p !== null));
    const top = TOPS.find((limit) => most <= limit * 1.001) ?? 1;
    const clicks = Math.max(...courses.map((course) => course.length));
    const x = (t) => (clicks === 1 ? 50 : (t / (clicks - 1)) * 100);
    const y = (p) => HEIGHT - 3 - (p / top) * (HEIGHT - 8);
    this.top.textContent = `${top * 100}\u00a0%`;
    this.ticks.replaceChildren(el("span", { text: "click 1" }), el("span", { text: clicks > 1 ? String(clicks) : "" }));
    this.lines.setAttribute("viewBox", `0 0 100 ${HEIGHT}`);
    this.lines.setAttribute("aria-label", this.words(courses, variants, steps, shown, pinned));
    const order = courses.map((_, n) => n).sort((a, b) => (a === shown) - (b === shown));
    this.lines.replaceChildren(...order.flatMap((n) => runs(courses[n]).map((run) => {
      const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
      line.setAttribute("points", run.map(([t, p]) => `${x(t)},${y(p)}`).join(" "));
      line.setAttribute("fill", "none");
      line.setAttribute("vector-effect", "non-scaling-stroke");
      line.setAttribute("stroke", theme.variants[n]);
      line.setAttribute("stroke-width", n === shown ? 2.5 : 1.5);
      if (n === 0) line.setAttribute("stroke-dasharray", "4 3");
      return line;
    })));
    this.dots.replaceChildren(...[[pinned, steps[0]], [shown, steps[1]]].filter(([n, t]) => courses[n][t] !== null).map(([n, t]) => {
      const dot = el("i", {});
      Object.assign(dot.style, { left: `${x(t)}%`, top: `${y(courses[n][t])}px`, background: theme.variants[n] });
      return dot;
    }));
    this.label(courses, variants, theme, y);
  }

  /** Names at the lines' ends, moved apart where they would lie on each other. */
  label(courses, variants, theme, y) {
    const ends = courses.map((course, n) => ({ n, p: course.at(-1), at: course.at(-1) === null ? HEIGHT : y(course.at(-1)) })).sort((a, b) => a.at - b.at);
    let free = -Infinity;
    for (const end of ends) free = (end.at = Math.max(end.at, free)) + APART;
    let below = HEIGHT;
    for (const end of [...ends].reverse()) below = (end.at = Math.min(end.at, below)) - APART;
    this.labels.replaceChildren(...ends.map(({ n, p, at }) => {
      const label = el("span", { text: `${variants[n].name} ${p === null ? "–" : percent(p)}` });
      Object.assign(label.style, { top: `${at}px`, color: theme.variants[n] });
      return label;
    }));
  }

  words(courses, variants, [a, b], shown, pinned) {
    const said = (n, t) => `${variants[n].name} ${courses[n][t] === null ? "not kept" : percent(courses[n][t])} after click ${t + 1}`;
    return shown === pinned ? said(shown, b) : `${said(pinned, a)}; ${said(shown, b)}`;
  }
}

/** The stretches of a course whose probabilities are known, as [click, probability]; one click is drawn as a dash. */
function runs(course) {
  const found = [[]];
  course.forEach((p, t) => (p === null ? found.push([]) : found.at(-1).push([t, p])));
  return found.filter((run) => run.length);
}
