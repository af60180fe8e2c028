const PAUSE_MS = 350;
const COMPOSING = 229; // what Safari says of the key that ends a composition

/**
 * Turns one text input into chips: Enter or a comma makes a chip, a tap removes it, Backspace takes the last one
 * back for editing. What is typed but not yet a chip is submitted too, and a reload loses nothing. Without this
 * module the input takes labels with commas.
 *
 * Attributes: most (chips), longest (characters of one), words (of one), data-* (what the hint is to say).
 */
class LabelChips extends HTMLElement {
  /** @type {HTMLInputElement} */ #input;
  /** @type {HTMLElement} */ #chips;
  /** @type {LabelHint} */ #hint;
  #draft = `labels ${location.pathname}`;
  #pause = 0;

  connectedCallback() {
    if (this.#chips) return;
    this.#input = this.querySelector("input");
    this.#hint = document.getElementById(this.#input.getAttribute("aria-describedby"));
    customElements.upgrade(this.#hint); // it comes later in the page
    this.#chips = document.createElement("div");
    this.#chips.className = "chips";
    this.prepend(this.#chips);
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("input", (event) => event.isComposing || this.#typed());
    this.#input.addEventListener("compositionend", () => this.#typed());
    this.#hint.addEventListener("meant", (event) => this.#meant(event.detail.text, event.detail.place));
    this.closest("form").addEventListener("submit", (event) => this.#submit(event));
    const refused = this.#input.hasAttribute("aria-invalid") && this.#hint.textContent;
    this.#chip(this.#input.value || (sessionStorage.getItem(this.#draft) ?? ""));
    if (!refused) return;
    this.#hint.say(refused, true);
    document.getElementById("said").textContent = refused;
    this.scrollIntoView({ block: "center" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === COMPOSING) return; // Enter chooses among characters
    const last = this.#chips.lastElementChild;
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.#input.value.trim()) this.#take(this.#input.value);
      else if (last) this.#toOptions();
      else this.#askForOne();
    } else if (event.key === "Backspace" && !this.#input.value && last) {
      event.preventDefault();
      this.#edit(last, last.querySelector("input").value);
    }
  }

  #typed() {
    clearTimeout(this.#pause);
    const text = this.#input.value;
    if (text.includes(",")) return this.#take(text);
    this.#hint.say(this.#problem(text) ?? this.dataset.invite, Boolean(this.#problem(text)));
    if (text.trim().length > 1 && !this.#problem(text)) this.#pause = setTimeout(() => this.#hint.look(text, this.#input), PAUSE_MS);
  }

  /** @param {string} text */
  #take(text) {
    clearTimeout(this.#pause);
    const problem = this.#chip(text);
    if (problem) this.#hint.say(problem, true);
    else if (this.#isFull()) this.#toOptions();
    else this.#hint.say(this.#values().length ? this.dataset.more : this.dataset.invite);
  }

  /**
   * Make chips of the comma-separated parts that can be one. What is too long stays in the input; what comes after
   * the last chip is dropped, so that nothing is sent that is not seen.
   * @param {string} text @returns {string | null} what is wrong with the rest
   */
  #chip(text) {
    const rest = [];
    for (const part of text.split(",").map((piece) => piece.trim()).filter(Boolean)) {
      if (this.#values().includes(part.toLowerCase())) continue;
      if (this.#problem(part) || this.#isFull()) rest.push(part);
      else this.#addChip(part);
    }
    this.#input.value = this.#isFull() ? "" : rest.join(" ");
    if (!rest.length) return null;
    return this.#isFull() ? this.dataset.full : this.#problem(rest[0]);
  }

  /** @param {string} text */
  #addChip(text) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip mine";
    chip.setAttribute("aria-label", `${this.dataset.remove} ${text}`);
    const value = document.createElement("input");
    Object.assign(value, { type: "hidden", name: "labels", value: text });
    chip.append(text, " ×", value);
    chip.addEventListener("click", () => this.#remove(chip));
    this.#chips.append(chip);
    this.#changed();
    this.#hint.look(text, chip);
  }

  /** @param {Element} chip */
  #remove(chip) {
    chip.remove();
    this.#changed();
    this.#input.focus();
    this.#hint.say(this.dataset.invite);
  }

  /** @param {Element} chip @param {string} text */
  #edit(chip, text) {
    this.#remove(chip);
    this.#input.value = text;
  }

  #changed() {
    this.#input.hidden = this.#isFull();
    sessionStorage.setItem(this.#draft, [...this.#chips.querySelectorAll("input")].map((input) => input.value).join(","));
  }

  /** @param {string} text @param {HTMLElement} place where what was misspelt stands */
  #meant(text, place) {
    if (place !== this.#input) place.remove();
    this.#input.hidden = false;
    this.#take(text);
    if (!this.#isFull()) this.#input.focus();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    if (this.#values().length || this.#input.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#askForOne();
  }

  #askForOne() {
    this.#input.focus();
    this.#hint.say(this.dataset.ask, true);
  }

  #toOptions() {
    this.#hint.say(this.dataset.guess);
    const options = this.closest("form").querySelectorAll("input[name=guess]");
    ([...options].find((option) => option.checked) ?? options[0])?.focus();
  }

  /** @param {string} text @returns {string | null} */
  #problem(text) {
    if (text.length > Number(this.getAttribute("longest"))) return this.dataset.long;
    if (text.trim().split(/\s+/).length > Number(this.getAttribute("words"))) return this.dataset.many;
    return null;
  }

  #values() {
    return [...this.#chips.querySelectorAll("input")].map((input) => input.value.toLowerCase());
  }

  #isFull() {
    return this.#chips.childElementCount >= Number(this.getAttribute("most"));
  }
}

customElements.define("label-chips", LabelChips);
