// Scrub through the epochs of a training: a slider, two buttons, play; ← → where it has the focus,
// Shift ← → from anywhere on the page.
//
// Python sends {key, epoch, epochs, best}; what a person chooses comes back as one state,
// "view" {key, epoch}. While playing, the next epoch waits until Python shows the one before: then
// `epoch` is the one that was asked for. The address bar is written here, in place, so that
// scrubbing fills no history.

const REPORT_AFTER = 90; // ms of quiet while the slider is dragged
const SHOWN_FOR = 700; // ms an epoch stays while playing

class Epochs {
  constructor(parent) {
    const button = (id, text, title, action, cls = "") =>
      el("button", { type: "button", class: cls, "data-testid": id, text, title, "aria-label": title, onclick: action });
    this.prev = button("epoch-prev", "◀︎", "Epoch before (Shift ←)", () => this.go(this.epoch - 1));
    this.next = button("epoch-next", "Next epoch ▶︎", "Next epoch (Shift →)", () => this.go(this.epoch + 1));
    this.play = button("epoch-play", "Play", "Play the epochs", () => this.toggle());
    this.slider = el("input", { type: "range", min: 1, "data-testid": "epoch-slider", "aria-label": "Epoch",
      oninput: () => this.go(Number(this.slider.value)) });
    this.count = el("span", { class: "count", "data-testid": "epoch-count" });
    this.spoken = el("span", { class: "spoken", "aria-live": "polite" });
    this.root = el("div", { class: "stepper epochs", "data-testid": "epochs", tabindex: -1 },
      el("div", { class: "controls" }, this.prev, this.next, this.play, this.slider, this.count,
        el("span", { class: "muted keys", text: "Shift ← → epoch" })), this.spoken);
    parent.append(this.root);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey, true); // before the stepper, whose keys are these without Shift
  }

  receive({ data, setStateValue }) {
    if (!data) return;
    this.setState = setStateValue;
    const another = data.key !== this.key_;
    this.key_ = data.key;
    this.shown = data.epoch;
    this.epochs = data.epochs;
    this.best = data.best;
    if (another) this.pause();
    // while the person drags on, what Python shows is behind
    if (another || this.epoch === undefined || (!this.timer && !this.asked)) this.epoch = data.epoch;
    if (this.asked === data.epoch) this.asked = null;
    this.draw();
    if (this.playing && !this.asked) this.later();
  }

  go(epoch) {
    const target = Math.max(1, Math.min(this.epochs, epoch));
    if (target === this.epoch) return;
    this.epoch = target;
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), REPORT_AFTER);
  }

  report() {
    this.timer = null;
    this.asked = this.epoch === this.shown ? null : this.epoch;
    const query = new URLSearchParams(window.location.search);
    query.set("epoch", this.epoch);
    window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}`);
    this.setState("view", { key: this.key_, epoch: this.epoch });
  }

  toggle() {
    if (this.playing) return this.pause();
    this.playing = true;
    this.play.textContent = "Pause";
    if (this.epoch === this.epochs) this.go(1);
    else this.later(0);
  }

  later(after = SHOWN_FOR) {
    clearTimeout(this.coming);
    this.coming = setTimeout(() => {
      if (!this.playing) return;
      if (this.epoch >= this.epochs) return this.pause();
      this.go(this.epoch + 1);
    }, after);
  }

  pause() {
    clearTimeout(this.coming);
    this.playing = false;
    this.play.textContent = "Play";
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.epochs === undefined) return;
    const target = event.composedPath()[0];
    const inside = event.composedPath().includes(this.root);
    if (!inside && (!event.shiftKey || target.closest?.("input:not([type=range]), textarea, select, [contenteditable=true], [role=dialog]")))
      return;
    const to = { ArrowRight: this.epoch + 1, ArrowLeft: this.epoch - 1 }[event.key]
      ?? (inside ? { Home: 1, End: this.epochs }[event.key] : undefined);
    if (to === undefined) return;
    event.preventDefault();
    this.pause();
    this.go(to);
  }

  draw() {
    const { epoch, epochs, best } = this;
    this.root.setAttribute("data-epoch", epoch);
    this.root.setAttribute("data-shown", this.shown);
    this.slider.max = epochs;
    this.slider.value = epoch;
    this.slider.disabled = epochs === 1;
    this.slider.style.setProperty("--done", epochs === 1 ? "100%" : `${((epoch - 1) / (epochs - 1)) * 100}%`);
    this.count.replaceChildren("epoch ", el("b", { text: epoch }), ` of ${epochs}${epoch === best ? " ✓" : ""}`);
    this.count.title = epoch === best ? "The epoch that was kept" : "";
    for (const [node, off] of [[this.prev, epoch === 1], [this.next, epoch === epochs], [this.play, epochs === 1]])
      node.setAttribute("aria-disabled", String(off));
    this.spoken.textContent = this.shown === epoch ? `Epoch ${epoch} of ${epochs}` : "";
  }

  destroy() {
    this.pause();
    clearTimeout(this.timer);
    document.removeEventListener("keydown", this.onKey, true);
  }
}
