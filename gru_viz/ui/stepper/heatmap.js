// One quantity as units × clicks on a canvas: the past in colour, the future blank.

const LABELS = 74; // room for the clicks' titles below the cells, where columns are wide enough
const TICKS = 16; // room for click numbers alone

export class Heatmap {
  /** `callbacks`: hover(unit | null, click), choose(unit). */
  constructor(name, callbacks) {
    this.name = name;
    this.canvas = el("canvas", {
      role: "img", tabindex: 0, "data-testid": `heatmap-${name}`,
      "aria-roledescription": "heatmap; arrow up and down choose a unit",
    });
    this.title = el("h3", { class: `q q-${name}` });
    this.caption = el("p", { class: "caption" });
    this.low = el("span");
    this.high = el("span");
    this.bar = el("i", { class: "ramp" });
    this.root = el(
      "figure",
      { class: "heatmap" },
      el("figcaption", {}, this.title, this.caption, el("div", { class: "legend" }, this.low, this.bar, this.high)),
      this.canvas,
    );
    this.picture = document.createElement("canvas");
    this.listen(callbacks);
  }

  listen({ hover, choose, move }) {
    const cell = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const row = Math.floor(((event.clientY - box.top) / this.cellsHeight) * this.units);
      const click = Math.floor(((event.clientX - box.left) / box.width) * this.clicks);
      return row >= 0 && row < this.units ? [this.order[row], Math.max(0, Math.min(this.clicks - 1, click))] : [null, 0];
    };
    this.canvas.addEventListener("pointermove", (event) => hover(...cell(event)));
    this.canvas.addEventListener("pointerleave", () => hover(null, 0));
    this.canvas.addEventListener("click", (event) => {
      const [unit] = cell(event);
      if (unit !== null) choose(unit);
    });
    this.canvas.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      move(by);
    });
  }

  /** What it shows: `values` (T × H, row by click), its fixed range, colours and words. */
  receive({ values, clicks, units, low, high, colours, title, symbol, caption, labels }) {
    Object.assign(this, { values, clicks, units, low_: low, high_: high, labels, heading: title });
    this.colours = colours;
    this.table = ramp(colours);
    this.title.textContent = `${title} ${symbol}`;
    this.caption.textContent = caption;
    this.low.textContent = minus(low, 0);
    this.high.textContent = low < 0 ? signed(high, 0) : minus(high, 0);
    this.bar.style.background = `linear-gradient(90deg, ${colours.join(", ")})`;
  }

  /** The whole picture, one pixel a cell, rows in the given order of units. */
  paint(order) {
    this.order = order;
    this.picture.width = this.clicks;
    this.picture.height = this.units;
    const context = this.picture.getContext("2d");
    const image = context.createImageData(this.clicks, this.units);
    const pixels = new Uint32Array(image.data.buffer);
    const scale = 255 / (this.high_ - this.low_);
    for (let row = 0; row < this.units; row++) {
      for (let t = 0; t < this.clicks; t++) {
        const level = Math.round((this.values[t * this.units + order[row]] - this.low_) * scale);
        pixels[row * this.clicks + t] = this.table[Math.max(0, Math.min(255, level))];
      }
    }
    context.putImageData(image, 0, 0);
  }

  /** Fit the canvas to its place; `height` is that of the cells alone. */
  resize(height) {
    const width = this.canvas.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    this.width = width;
    this.cellsHeight = height;
    this.labelled = width / this.clicks >= 15;
    this.height = height + (this.labelled ? LABELS : TICKS);
    this.canvas.style.height = `${this.height}px`;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.ratio = ratio;
  }

  /** The past up to `step`, frames round the current click and round the marked unit. */
  draw(step, marked, theme) {
    if (!this.width) return;
    const context = this.canvas.getContext("2d");
    const column = this.width / this.clicks;
    const row = this.cellsHeight / this.units;
    const past = (step + 1) * column;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.fillStyle = theme.blank;
    context.fillRect(past, 0, this.width - past, this.cellsHeight);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.picture, 0, 0, step + 1, this.units, 0, 0, past, this.cellsHeight);
    context.lineWidth = 1;
    if (marked !== null) {
      const y = this.order.indexOf(marked) * row;
      const thick = Math.max(row, 4);
      context.strokeStyle = theme.text;
      context.lineWidth = 1.25;
      // outside the row, so that its own cells stay to be seen
      context.strokeRect(0.75, Math.max(0.75, y - (thick - row) / 2 - 1), past - 1.5, thick + 2);
    }
    context.strokeStyle = theme.accent;
    context.lineWidth = 2;
    context.strokeRect(step * column + 1, 1, Math.max(column - 2, 1), this.cellsHeight - 2);
    this.drawTicks(context, step, column, theme);
  }

  drawTicks(context, step, column, theme) {
    context.font = `10.5px ${theme.font}`;
    context.textBaseline = "middle";
    if (!this.labelled) {
      context.textBaseline = "top";
      for (const t of new Set([0, step, this.clicks - 1])) {
        context.fillStyle = t === step ? theme.accent : theme.muted;
        const text = String(t + 1);
        const half = context.measureText(text).width / 2;
        const x = Math.min(Math.max((t + 0.5) * column - half, 0), this.width - 2 * half);
        if (t === step || Math.abs(t - step) * column > 18) context.fillText(text, x, this.cellsHeight + 4);
      }
      return;
    }
    for (let t = 0; t < this.clicks; t++) {
      context.save();
      context.translate((t + 0.5) * column, this.cellsHeight + 5);
      context.rotate(Math.PI / 2);
      context.globalAlpha = t > step ? 0.7 : 1;
      context.fillStyle = t === step ? theme.accent : theme.muted;
      context.fillText(fitted(context, this.labels[t], LABELS - 8), 0, 0);
      context.restore();
    }
  }

  describe(step) {
    const now = this.values.subarray(step * this.units, (step + 1) * this.units);
    let high = 0;
    let low = 0;
    let sum = 0;
    now.forEach((value, unit) => {
      if (value > now[high]) high = unit;
      if (value < now[low]) low = unit;
      sum += value;
    });
    this.canvas.setAttribute(
      "aria-label",
      `${this.heading} at click ${step + 1}: ${this.units} units, mean ${minus(sum / this.units)}, ` +
        `highest ${minus(now[high])} in unit ${high}, lowest ${minus(now[low])} in unit ${low}`,
    );
  }
}

/** The text cut with … so that it is at most `width` pixels wide. */
function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(text.slice(0, end) + "…").width > width) end--;
  return text.slice(0, end).trimEnd() + "…";
}
