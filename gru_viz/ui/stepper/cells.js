// What of the board differs from cell to cell: how a click's new state is put together.
//
// `value(name)` reads a recorded quantity of one unit at one click, `before` the state carried into it,
// `digits(blend)` how many of them show of its {gate(name), state, result}, so that the blend comes out.

/** Never all of it or nothing of it that is not. */
const percentOf = (share) => {
  if (share > 0 && share < 0.01) return "under 1";
  return share > 0.99 && share < 1 ? "over 99" : `${Math.round(share * 100)}`;
};

/** A line of words and a number. */
const line = (label, value) =>
  el("div", { class: "line" }, el("span", { text: label }), el("b", { text: value }));

const result = (label, name, symbol, value, digits) =>
  el("div", { class: "line total" }, el("span", { text: label }),
    el("b", { class: `q q-${name}`, text: `${symbol} = ${minus(value, digits)}` }));

/** A bar of how much is kept, and how much is new. */
function shares(kept, fresh) {
  const part = (share, cls, text) => {
    const node = el("i", { class: cls, text: share >= 0.3 ? `${text} ${percentOf(share)} %` : "" });
    node.style.flexGrow = share;
    return node;
  };
  return el("div", { class: "shares", role: "img", "aria-label": `kept ${percentOf(kept)} percent` },
    part(kept, "kept", "kept"), part(fresh, "written", "new"));
}

const CELLS = {
  gru: {
    memory: "h",
    keep: (value) => 1 - value("z"),
    blend(value, before, keeps, digits) {
      const z = value("z");
      const { gate, state, result: of } = digits(0);
      const times = (share, content) => `${share.toFixed(gate("z"))} × ${minus(content, state)}`;
      return [
        el("h4", { text: "The blend" }),
        line(keeps ? "keep  z × h" : "keep  (1 − z) × h", times(1 - z, before)),
        line(keeps ? "write  (1 − z) × h̃" : "write  z × h̃", times(z, value("candidate"))),
        shares(1 - z, z),
        result("new state", "h", "h", value("h"), of),
      ];
    },
  },
  lstm: {
    memory: "c",
    keep: (value) => value("f"),
    blend(value, before, keeps, digits) {
      const [memory, shown] = [digits(0), digits(1)];
      const times = ({ gate, state }, name, content) => `${value(name).toFixed(gate(name))} × ${minus(content, state)}`;
      return [
        el("h4", { text: "Memory, and what is shown" }),
        line("keep  f × c", times(memory, "f", before)),
        line("write  i × h̃", times(memory, "i", value("candidate"))),
        result("new memory", "c", "c", value("c"), memory.result),
        line("show  o × tanh(c)", times(shown, "o", Math.tanh(value("c")))),
        result("new state", "h", "h", value("h"), shown.result),
      ];
    },
  },
  rnn: {
    memory: "h",
    keep: () => 0,
    blend: (value, before, keeps, digits) => [
      el("h4", { text: "No blend" }),
      el("p", { class: "muted", text: "There is no gate: the candidate replaces the whole state." }),
      result("new state", "h", "h", value("h"), digits(0).result),
    ],
  },
};
