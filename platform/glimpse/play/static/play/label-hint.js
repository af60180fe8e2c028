/**
 * The line below the labels: says what to do, what is wrong with a label, and how it may be meant. The server
 * checks labels while they are typed; a likely misspelling is a suggestion to tap, never forced.
 *
 * Attributes: check (address), data-meant ("Did you mean"). Dispatches "meant" with { text, place }.
 */
class LabelHint extends HTMLElement {
  /** @type {Map<string, Promise<{ problem: string | null, suggestion: string | null }>>} */ #checked = new Map();

  /** @param {string} text @param {boolean} [isProblem] */
  say(text, isProblem = false) {
    this.textContent = text;
    this.classList.toggle("error", isProblem);
    if (isProblem) this.scrollIntoView({ block: "nearest" }); // not below the bar at a phone's bottom
  }

  /**
   * Ask the server about a label and say what it says, if the label is still there. No answer is no problem: the
   * form is checked again when it is sent.
   * @param {string} text @param {HTMLInputElement | HTMLButtonElement} place an input that is typed in, or a chip
   */
  async look(text, place) {
    const label = text.trim();
    if (!this.#checked.has(label)) this.#checked.set(label, this.#ask(label));
    const { problem, suggestion } = await this.#checked.get(label);
    const isThere = place instanceof HTMLInputElement ? place.value.trim() === label : place.isConnected;
    if (!isThere) return;
    place.classList.toggle("wrong", Boolean(problem));
    if (place instanceof HTMLInputElement) place.ariaInvalid = problem ? "true" : null;
    if (problem) this.say(problem, true);
    else if (suggestion) this.#suggest(suggestion, place);
  }

  /** @param {string} label */
  async #ask(label) {
    const { value } = this.closest("form").elements.csrfmiddlewaretoken;
    const body = new URLSearchParams({ label, csrfmiddlewaretoken: value });
    const nothing = { problem: null, suggestion: null };
    const response = await fetch(this.getAttribute("check"), { method: "POST", body }).catch(() => null);
    return response?.ok ? response.json() : nothing;
  }

  /** @param {string} text @param {HTMLElement} place */
  #suggest(text, place) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = text;
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("meant", { detail: { text, place } })));
    this.say(`${this.dataset.meant} `);
    this.append(button, "?");
  }
}

customElements.define("label-hint", LabelHint);
