// The walk with a board for each cell: one cursor, three memories.
//
// Python sends what the walk gets; of the trace the boards and the sentences are read here. To what
// the walk reports comes whether gates are shown; which unit of each cell is the browser's own.

class Beside extends Walk {
  build() {
    super.build();
    this.sentence = el("p", { class: "sentence", "data-testid": "sentence" });
    this.gates = button("show-gates", "Show the gates", "Every gate of every cell, as heatmaps", () =>
      this.change({ gates: !this.state.gates }, true));
    this.controls.insertBefore(this.gates, this.convention);
    this.place = el("div", { class: "cells" });
    this.controls.after(this.sentence);
    this.root.append(this.place);
  }

  adopt(data) {
    super.adopt(data);
    this.boards = data.trace.boards.map((board) => new Board(board, data.trace.legend, { changed: () => this.draw() }));
    // one fixed scale for all lists, so that a longer bar is always a larger probability
    this.scale = Math.max(...data.trace.boards.flatMap((board) => board.tops.flatMap((top) => top.probabilities)));
    this.place.replaceChildren(...this.boards.map((board) => board.root));
    this.place.style.setProperty("--boards", this.boards.length);
  }

  arrange() {
    super.arrange();
    this.root.style.setProperty("--clicked", this.theme.clicked);
    const open = Boolean(this.state.gates);
    this.gates.setAttribute("aria-pressed", String(open));
    this.gates.textContent = open ? "Hide the gates" : "Show the gates";
    const { clicks, items } = this.trace;
    const labels = clicks.map((index, t) => `${t + 1} ${items[index].title}`);
    for (const board of this.boards) board.arrange(labels, items, this.scale, this.theme, this.state.keeps, open);
    this.reserve();
  }

  /** Room for the longest sentence, so that nothing below it moves while stepping. */
  reserve() {
    const { sentences } = this.trace;
    const length = (t) => sentences[t].reduce((sum, [, text]) => sum + text.length, 0);
    const longest = [...sentences.keys()].sort((a, b) => length(b) - length(a))[0];
    this.sentence.style.minHeight = "0";
    this.sentence.replaceChildren(...spoken(sentences[longest]));
    this.sentence.style.minHeight = `${this.sentence.offsetHeight}px`;
  }

  draw() {
    super.draw();
    for (const board of this.boards) board.show(this.state.step);
    this.sentence.replaceChildren(...spoken(this.trace.sentences[this.state.step]));
  }

  words() {
    return this.trace.sentences[this.state.step].map(([, text]) => text).join("");
  }
}
