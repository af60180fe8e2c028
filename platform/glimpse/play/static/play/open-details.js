/** What is folded or not yet loaded is there on paper, and stays as it was when a part of the page is exchanged. */
const FOLDED = "main details";

addEventListener("beforeprint", () => {
  for (const picture of document.images) picture.loading = "eager";
  for (const part of document.querySelectorAll(FOLDED)) {
    part.dataset.onScreen = part.open ? "open" : "closed";
    part.open = true;
  }
});

addEventListener("afterprint", () => {
  for (const part of document.querySelectorAll(`${FOLDED}[data-on-screen]`)) {
    part.open = part.dataset.onScreen === "open";
    delete part.dataset.onScreen;
  }
});

/** @type {string[]} */
let open = [];
document.addEventListener("htmx:beforeSwap", () => {
  open = [...document.querySelectorAll(`${FOLDED}[open][id]`)].map((part) => part.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
});
