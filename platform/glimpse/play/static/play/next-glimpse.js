/** The address of what the page shows: a step back or forward to another one shows that one. */
let shown = location.pathname;
addEventListener("popstate", () => {
  if (location.pathname !== shown) location.reload();
});

/**
 * Around the button to the next glimpse: fetches the round while the result is read, picture included, and puts
 * it in place at the press. Without this module, or before the round is there, the form is simply sent.
 *
 * Attribute: last (there is no next round).
 */
class NextGlimpse extends HTMLElement {
  /** @type {{ page: Document, address: string } | null} */ #ready = null;
  /** @type {Promise<void> | null} */ #coming = null;

  connectedCallback() {
    if (this.hasAttribute("last")) return;
    const form = this.querySelector("form");
    form.addEventListener("submit", (event) => this.#go(event, form));
    this.#coming = this.#fetch(form).catch(() => {});
  }

  /** @param {HTMLFormElement} form */
  async #fetch(form) {
    const headers = { "X-Glimpse-Prefetch": "1" };
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
    if (response.status !== 200) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    await Promise.all([...page.querySelectorAll(".stage img")].map((picture) => this.#load(picture.getAttribute("src"))));
    this.#ready = { page, address: response.headers.get("X-Glimpse-Address") };
  }

  /** @param {string} address */
  async #load(address) {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
  }

  /** @param {SubmitEvent} event @param {HTMLFormElement} form */
  async #go(event, form) {
    event.preventDefault();
    form.querySelector("button").disabled = true;
    await this.#coming;
    if (this.#ready) this.#show(this.#ready.page, this.#ready.address);
    else form.submit();
  }

  /** @param {Document} page @param {string} address */
  #show(page, address) {
    history.pushState(null, "", address);
    shown = location.pathname;
    document.title = page.title;
    document.querySelector(".bar").replaceWith(document.adoptNode(page.querySelector(".bar")));
    const main = document.adoptNode(page.querySelector("main"));
    document.querySelector("main").replaceWith(main);
    htmx.process(main);
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
}

customElements.define("next-glimpse", NextGlimpse);
