const ARROWS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

/**
 * The photograph, on which the region lights up that is pointed at, in focus or chosen. Arrow keys lead from region
 * to region, Escape back to the photograph. Without this module a region is a link to the page that shows it.
 *
 * Regions are elements with data-evidence (address of the picture) and data-place, and a link in them; lists of them
 * have data-regions. Attribute: data-alt (what the picture shows, before the name of the region).
 */
class EvidenceView extends HTMLElement {
  /** @type {HTMLImageElement} */ #overlay;
  /** @type {HTMLElement} */ #caption;
  /** @type {Node[]} */ #invitation;
  #chosen = "";
  #shown = "";

  connectedCallback() {
    if (this.#caption) return;
    this.#caption = this.querySelector("[data-caption]");
    this.#invitation = [...this.#caption.childNodes];
    this.#overlay = this.querySelector(".stage img.evidence") ?? this.#makeOverlay();
    this.#chosen = this.querySelector("[data-evidence] a[aria-current]")?.closest("[data-evidence]")?.dataset.evidence ?? "";
    this.#show(this.#chosen);
    this.addEventListener("pointerover", (event) => event.pointerType === "touch" || this.#point(event.target));
    this.addEventListener("pointerleave", () => this.#show(this.#chosen));
    this.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && this.#point(event.target));
    this.addEventListener("focusout", () => this.#show(this.#chosen));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("htmx:afterSwap", () => this.#mark());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#forget());
  }

  #makeOverlay() {
    const overlay = new Image(560, 560);
    overlay.className = "evidence";
    overlay.hidden = true;
    overlay.loading = "lazy"; // nothing is missing as long as it shows nothing
    this.querySelector(".stage-picture").append(overlay);
    return overlay;
  }

  /** @param {EventTarget} target */
  #point(target) {
    const region = target.closest("[data-evidence]");
    if (region) this.#show(region.dataset.evidence, region);
    else this.#show(this.#chosen);
  }

  /** @param {string} evidence @param {HTMLElement} [region] the one of several places of it that is pointed at */
  #show(evidence, region = this.#regionOf(evidence)) {
    const picture = evidence && region ? evidence : "";
    if (picture === this.#shown) return;
    this.#shown = picture;
    this.#overlay.hidden = !picture;
    if (!picture) return this.#caption.replaceChildren(...this.#invitation);
    this.#caption.replaceChildren(...this.#words(region));
    this.#overlay.alt = `${this.dataset.alt} ${this.#name(region)}`;
    this.#overlay.src = `${picture}?size=card`; // is there already, and does until the large one is
    const large = new Image();
    large.src = picture;
    large.decode().then(() => { if (this.#shown === picture) this.#overlay.src = picture; }, () => {});
  }

  /** @param {string} evidence @returns {HTMLElement | undefined} */
  #regionOf(evidence) {
    return [...this.querySelectorAll("[data-evidence]")].find((region) => region.dataset.evidence === evidence);
  }

  /** @param {HTMLElement} region */
  #name(region) {
    return region.querySelector("[data-name]").textContent.trim();
  }

  /** @param {HTMLElement} region @returns {Node[]} */
  #words(region) {
    const name = document.createElement("strong");
    name.textContent = this.#name(region);
    const facts = document.createElement("span");
    facts.textContent = `${region.querySelector("[data-facts]").textContent.trim()} · ${region.dataset.place}`;
    return [name, facts];
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const link = event.target.closest("[data-evidence] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const region = link.closest("[data-evidence]");
    this.#chosen = region.dataset.evidence;
    this.#show(this.#chosen, region);
    this.#mark();
    history.replaceState(history.state, "", link.href);
    document.getElementById("said").textContent = this.#caption.textContent;
  }

  #forget() {
    this.#chosen = "";
    this.#show("");
    this.#mark();
  }

  /** Say in the page which region is chosen, also in one that has just arrived. */
  #mark() {
    for (const link of this.querySelectorAll("[data-evidence] a")) {
      if (link.closest("[data-evidence]").dataset.evidence === this.#chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const link = event.target.closest("[data-evidence] a");
    if (!link || !(event.key in ARROWS)) return;
    const lists = [...this.querySelectorAll("[data-regions]")]
      .map((list) => [...list.querySelectorAll("[data-evidence] a")].filter((one) => one.checkVisibility()))
      .filter((links) => links.length);
    const row = lists.findIndex((links) => links.includes(link));
    const [down, right] = ARROWS[event.key];
    const next = down ? lists[row + down]?.[0] : lists[row][lists[row].indexOf(link) + right];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

customElements.define("evidence-view", EvidenceView);
