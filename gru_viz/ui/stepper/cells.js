// What of the board differs from cell to cell: how a click's new state is put together.
//
// `value(name)` reads a recorded quantity of one unit at one click, `before` the state carried into it.

const percentOf = (share) => `${Math.round(share * 100)}`;

/** A line of words and a number. */
const line = (label, value) =>
  el("div", { class: "line" }, el("span", { text: label }), el("b", { text: value }));

const result = (label, name, symbol, value) =>
  el("div", { class: "line total" }, el("span", { text: label }),
    el("b", { class: `q q-${name}`, text: `${symbol} = ${minus(value)}` }));

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
    blend(value, before, keeps) {
      const z = value("z");
      return [
        el("h4", { text: "The blend" }),
        line(keeps ? "keep  z × h" : "keep  (1 − z) × h", `${(1 - z).toFixed(2)} × ${minus(before)}`),
        line(keeps ? "write  (1 − z) × h̃" : "write  z × h̃", `${z.toFixed(2)} × ${minus(value("candidate"))}`),
        shares(1 - z, z),
        result("new state", "h", "h", value("h")),
      ];
    },
  },
  lstm: {
    memory: "c",
    keep: (value) => value("f"),
    blend: (value, before) => [
      el("h4", { text: "Memory, and what is shown" }),
      line("keep  f × c", `${value("f").toFixed(2)} × ${minus(before)}`),
      line("write  i × h̃", `${value("i").toFixed(2)} × ${minus(value("candidate"))}`),
      result("new memory", "c", "c", value("c")),
      line("show  o × tanh(c)", `${value("o").toFixed(2)} × ${minus(Math.tanh(value("c")))}`),
      result("new state", "h", "h", value("h")),
    ],
  },
  rnn: {
    memory: "h",
    keep: () => 0,
    blend: (value) => [
      el("h4", { text: "No blend" }),
      el("p", { class: "muted", text: "There is no gate: the candidate replaces the whole state." }),
      result("new state", "h", "h", value("h")),
    ],
  },
};
