// Whose browser is this? A random token that it keeps for itself: in no address, in no cookie.

const NAME = "gru_viz.owner";
const FORM = /^[0-9a-f]{32}$/;

const drawn = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The token kept here; a new one for the first visit, and for this visit alone where nothing may be kept. */
const token = () => {
  try {
    const kept = localStorage.getItem(NAME);
    if (kept && FORM.test(kept)) return kept;
    const made = drawn();
    localStorage.setItem(NAME, made);
    return made;
  } catch {
    return drawn();
  }
};

export default ({ setStateValue }) => setStateValue("token", token());
