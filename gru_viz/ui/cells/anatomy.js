// What is inside one unit of a cell: a drawn diagram whose wires carry the numbers of now.
//
// A plan is boxes (what is computed), joints (× and +), wires (a path, the quantity that colours it
// and where its number stands). Names and numbers are set as text only.

const SVG = "http://www.w3.org/2000/svg";
const draw = (tag, attributes, text) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
};

const written = (value) => minus(value).replace("−0.00", "0.00");
const gated = (name, symbol) => (now) => `${symbol} ${written(now(name))}`;

// wires: [path, quantity, [x, y, anchor] of the number, (now, before) → text, (now, before) → strength]

// of a GRU: all but the way from h over r to the candidate
const writing = (keeps) => [
  ["M48 40H132", "h", [90, 32, "middle"], (now, before) => written(before("h")), (now, before) => before("h")],
  ["M152 40H212", "h", [182, 32, "middle"], (now, before) => written((1 - now("z")) * before("h")), (now, before) => (1 - now("z")) * before("h")],
  ["M232 40H318", "h", [276, 32, "middle"], (now) => written(now("h")), (now) => now("h")],
  ["M142 122V50", "z", [137, 74, "end"], (now) => keeps ? `z ${written(1 - now("z"))}` : `1−z ${written(1 - now("z"))}`, (now) => 1 - now("z")],
  ["M142 104H196V84H212", "z", [196, 78, "end"], (now) => keeps ? `1−z ${written(now("z"))}` : `z ${written(now("z"))}`, (now) => now("z")],
  ["M222 122V94", "candidate", [228, 112, "start"], gated("candidate", "h̃"), (now) => now("candidate")],
  ["M222 74V50", "candidate", [228, 68, "start"], (now) => `write ${written(now("z") * now("candidate"))}`, (now) => now("z") * now("candidate")],
  ["M62 196V154M142 196V154M22 196H236V154", null, null, null, () => 0.4],
];
const GRU = {
  height: 214,
  boxes: [[62, 138, "r", "σ", "r"], [142, 138, "z", "σ", "z"], [222, 138, "candidate", "tanh", "h̃"]],
  joints: [[142, 40, "×"], [222, 40, "+"], [222, 84, "×"]],
  ends: [[4, 44, "h before", "start"], [336, 44, "h", "end"], [4, 210, "x and h before", "start"]],
};

const PLANS = {
  gru: {
    ...GRU,
    joints: [...GRU.joints, [62, 92, "×"]],
    wires: (keeps) => [
      ...writing(keeps),
      ["M62 122V102", "r", [57, 116, "end"], gated("r", "r"), (now) => now("r")],
      ["M62 40V82", "h", null, null, (now, before) => before("h")],
      ["M72 92H102V172H222V154", "r", [108, 186, "start"], (now, before) => `r×h ${written(now("r") * before("h"))}, to all units' h̃`, (now, before) => now("r") * before("h")],
    ],
  },
  // reset after: memory goes through U first, and r decides how much of all of it its own unit takes
  gru_after: {
    ...GRU,
    boxes: [...GRU.boxes, [62, 66, "h", "U", "+ c"]],
    joints: [...GRU.joints, [62, 102, "×"]],
    notes: [[20, 70, "all h"]],
    wires: (keeps) => [
      ...writing(keeps),
      ["M62 122V112", "r", [49, 112, "end"], gated("r", "r"), (now) => now("r")],
      ["M62 40V50M62 82V92", "h", null, null, (now, before) => before("h")],
      ["M72 102H102V172H222V154", "r", [108, 186, "start"], (now) => `r×(Uh+c) ${written(now("pulled"))}`, (now) => now("pulled")],
    ],
  },
  lstm: {
    height: 214,
    boxes: [[48, 138, "f", "σ", "f"], [112, 138, "i", "σ", "i"], [176, 138, "candidate", "tanh", "c̃"], [244, 138, "o", "σ", "o"]],
    joints: [[48, 40, "×"], [144, 40, "+"], [144, 92, "×"], [288, 104, "×"]],
    ends: [[0, 24, "c before", "start"], [338, 44, "c", "end"], [338, 174, "h", "end"], [4, 204, "x and h before", "start"]],
    wires: () => [
      ["M2 40H38", "c", [20, 55, "middle"], (now, before) => written(before("c")), (now, before) => before("c")],
      ["M58 40H134", "c", [96, 32, "middle"], (now, before) => `keep ${written(now("f") * before("c"))}`, (now, before) => now("f") * before("c")],
      ["M154 40H330", "c", [222, 32, "middle"], (now) => written(now("c")), (now) => now("c")],
      ["M48 122V50", "f", [53, 86, "start"], gated("f", "f"), (now) => now("f")],
      ["M112 122V92H134", "i", [107, 112, "end"], gated("i", "i"), (now) => now("i")],
      ["M176 122V92H154", "candidate", [181, 112, "start"], gated("candidate", "c̃"), (now) => now("candidate")],
      ["M144 82V50", "candidate", [150, 70, "start"], (now) => `write ${written(now("i") * now("candidate"))}`, (now) => now("i") * now("candidate")],
      ["M288 40V94", "c", [283, 78, "end"], (now) => `tanh ${written(Math.tanh(now("c")))}`, (now) => Math.tanh(now("c"))],
      ["M244 122V104H278", "o", [240, 98, "end"], gated("o", "o"), (now) => now("o")],
      ["M288 114V170H324", "h", [284, 186, "start"], (now) => written(now("h")), (now) => now("h")],
      ["M48 190V154M112 190V154M176 190V154M22 190H244V154", null, null, null, () => 0.4],
    ],
  },
  rnn: {
    height: 214,
    boxes: [[170, 104, "h", "tanh", "h"]],
    joints: [],
    ends: [[4, 54, "h before", "start"], [336, 108, "h", "end"], [4, 182, "x", "start"]],
    wires: () => [
      ["M62 50H120V100H148", "h", [126, 76, "start"], (now, before) => `${written(before("h"))}, through U with all units`, (now, before) => before("h")],
      ["M22 178H120V110H148", null, null, null, () => 0.4],
      ["M192 104H318", "h", [250, 96, "middle"], (now) => written(now("h")), (now) => now("h")],
    ],
    notes: [[170, 150, "the whole state is written anew"]],
  },
};

/** The diagram of one cell. */
class Anatomy {
  constructor(plan, cell, name) {
    Object.assign(this, { plan: PLANS[plan], name });
    this.root = draw("svg", { viewBox: `0 0 340 ${this.plan.height}`, class: "anatomy", role: "img", "data-testid": `anatomy-${cell}` });
    this.keeps = null;
  }

  /** `now(name)` and `before(name)` read a quantity of the unit at this click and at the one before. */
  show(now, before, keeps) {
    if (keeps !== this.keeps) this.lay(keeps);
    const told = [];
    for (const { path, number, text, strength } of this.wires) {
      path.style.strokeWidth = 1 + 3 * Math.min(Math.abs(strength(now, before)), 1);
      if (!number) continue;
      number.textContent = text(now, before);
      told.push(number.textContent);
    }
    this.root.setAttribute("aria-label", `${this.name}: ${told.join("; ")}`);
  }

  lay(keeps) {
    this.keeps = keeps;
    const { boxes, joints, ends, notes = [] } = this.plan;
    const drawn = [];
    this.wires = this.plan.wires(keeps).map(([d, quantity, place, text, strength]) => {
      const cls = quantity ? `wire q-${quantity}` : "wire plain";
      const path = draw("path", { d, class: cls });
      drawn.push(path);
      const number = place && draw("text", { x: place[0], y: place[1], "text-anchor": place[2], class: `value q-${quantity}` });
      return { path, number, text, strength };
    });
    for (const [x, y, quantity, squash, symbol] of boxes)
      drawn.push(draw("rect", { x: x - 22, y: y - 16, width: 44, height: 32, rx: 7, class: `box q-${quantity}` }),
        draw("text", { x, y: y - 1, class: "squash" }, squash), draw("text", { x, y: y + 11, class: `symbol q-${quantity}` }, symbol));
    for (const [x, y, sign] of joints)
      drawn.push(draw("circle", { cx: x, cy: y, r: 10, class: "joint" }), draw("text", { x, y: y + 4.5, class: "sign" }, sign));
    for (const [x, y, text, anchor] of ends) drawn.push(draw("text", { x, y, "text-anchor": anchor, class: "end" }, text));
    for (const [x, y, text] of notes) drawn.push(draw("text", { x, y, "text-anchor": "middle", class: "end" }, text));
    this.root.replaceChildren(...drawn, ...this.wires.filter(({ number }) => number).map(({ number }) => number));
  }
}
