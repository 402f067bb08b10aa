// Small tools every part of the stepper uses: DOM, numbers, colours.

/** An element with attributes and children. Text only ever enters through textContent. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** +0.31 or −1.55, with a real minus, so that columns of numbers align. */
export function signed(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "−" : "+") + text;
}

export function minus(value, digits = 2) {
  const text = signed(value, digits);
  return text.startsWith("+") ? text.slice(1) : text;
}

export function percent(share) {
  const value = share * 100;
  if (value > 0 && value < 0.1) return "<0.1\u00a0%";
  if (value > 99.9 && value < 100) return ">99.9\u00a0%";
  return value.toFixed(1) + "\u00a0%";
}

/** The address into the clipboard; its button says whether that could be done. */
export async function copyAddress(node) {
  let copied = true;
  try {
    await navigator.clipboard.writeText(window.location.href);
  } catch {
    copied = false;
  }
  node.textContent = copied ? "Copied" : "See the address bar";
  setTimeout(() => (node.textContent = "Link"), 1800);
}

/** Bytes from base64. */
export function decodeBytes(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Little-endian float32 numbers from base64. */
export const decode = (base64) => new Float32Array(decodeBytes(base64).buffer);

/** "#0f766e" or "rgb(15, 118, 110)" → [15, 118, 110]. */
export function rgb(colour) {
  const hex = colour.trim().match(/^#([0-9a-f]{6})/i);
  if (hex) return [0, 2, 4].map((i) => parseInt(hex[1].slice(i, i + 2), 16));
  const short = colour.trim().match(/^#([0-9a-f]{3})$/i);
  if (short) return [...short[1]].map((digit) => parseInt(digit + digit, 16));
  const numbers = colour.match(/[\d.]+/g);
  return numbers ? numbers.slice(0, 3).map(Number) : [255, 255, 255];
}

export const isDark = (colour) => {
  const [r, g, b] = rgb(colour);
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
};

/** 256 packed RGBA colours running through the given stops, for ImageData. */
export function ramp(stops) {
  const table = new Uint32Array(256);
  const points = stops.map(rgb);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (points.length - 1);
    const k = Math.min(Math.floor(place), points.length - 2);
    const [r, g, b] = points[k].map((from, c) => Math.round(from + (points[k + 1][c] - from) * (place - k)));
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}
