/**
 * Turns one text input into chips: Enter or a comma makes a chip, a tap on it takes it back for editing.
 * What is typed but not yet a chip is submitted too. Without this module the input takes labels with commas.
 *
 * Attributes: most (chips), longest (characters of one), words (of one).
 */
class LabelChips extends HTMLElement {
  /** @type {HTMLInputElement} */ #input;
  /** @type {HTMLElement} */ #chips;
  /** @type {HTMLElement} */ #hint;
  /** @type {string} */ #invitation;

  connectedCallback() {
    this.#input = this.querySelector("input");
    this.#hint = document.getElementById(this.#input.getAttribute("aria-describedby"));
    this.#invitation = "One to three features, a word or two each.";
    this.#chips = document.createElement("div");
    this.#chips.className = "chips";
    this.prepend(this.#chips);
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("input", () => this.#typed());
    this.closest("form").addEventListener("submit", (event) => this.#submit(event));
    this.#chip(this.#input.value);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.#chips.lastElementChild;
    if (event.key === "Enter" && this.#input.value.trim()) {
      event.preventDefault();
      this.#take(this.#input.value);
    } else if (event.key === "Enter" && last) {
      event.preventDefault();
      this.#toOptions();
    } else if (event.key === "Backspace" && !this.#input.value && last) {
      event.preventDefault();
      this.#takeBack(last);
    }
  }

  #typed() {
    if (this.#input.value.includes(",")) this.#take(this.#input.value);
    else this.#say(this.#problem(this.#input.value) ?? this.#invitation, Boolean(this.#problem(this.#input.value)));
  }

  /** @param {string} text */
  #take(text) {
    const problem = this.#chip(text);
    if (problem) this.#say(problem, true);
    else if (this.#isFull()) this.#toOptions();
    else this.#say(this.#values().length ? "Another one, or go on below." : this.#invitation, false);
  }

  /**
   * Make chips of the comma-separated parts that can be one; the rest stays in the input.
   * @param {string} text @returns {string | null} what is wrong with the first of the rest
   */
  #chip(text) {
    const rest = [];
    for (const part of text.split(",").map((piece) => piece.trim()).filter(Boolean)) {
      if (this.#problem(part) || this.#isFull()) rest.push(part);
      else if (!this.#values().includes(part.toLowerCase())) this.#addChip(part);
    }
    this.#input.value = rest.join(" ");
    return rest.length ? this.#problem(rest[0]) : null;
  }

  /** @param {string} text */
  #addChip(text) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip mine";
    chip.setAttribute("aria-label", `${text}: change or remove`);
    chip.append(text, " ×");
    const value = document.createElement("input");
    value.type = "hidden";
    value.name = "labels";
    value.value = text;
    chip.append(value);
    chip.addEventListener("click", () => this.#takeBack(chip));
    this.#chips.append(chip);
    this.#input.hidden = this.#isFull();
  }

  /** @param {Element} chip */
  #takeBack(chip) {
    this.#input.value = chip.querySelector("input").value;
    chip.remove();
    this.#input.hidden = false;
    this.#input.focus();
    this.#say(this.#invitation, false);
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    if (this.#values().length || this.#input.value.trim()) return;
    event.preventDefault();
    this.#input.focus();
    this.#say("Say in a word or two what you see: a colour, a shape, a part.", true);
  }

  #toOptions() {
    this.#say("Now guess the whole picture.", false);
    const options = this.closest("form").querySelectorAll("input[name=guess]");
    ([...options].find((option) => option.checked) ?? options[0])?.focus();
  }

  /** @param {string} text @returns {string | null} */
  #problem(text) {
    if (text.length > Number(this.getAttribute("longest"))) return "That is long: keep the two or three words that matter.";
    if (text.trim().split(/\s+/).length > Number(this.getAttribute("words"))) return "Five words at most: keep those that matter.";
    return null;
  }

  #values() {
    return [...this.#chips.querySelectorAll("input")].map((input) => input.value.toLowerCase());
  }

  #isFull() {
    return this.#chips.childElementCount >= Number(this.getAttribute("most"));
  }

  /** @param {string} text @param {boolean} isProblem */
  #say(text, isProblem) {
    this.#hint.textContent = text;
    this.#hint.classList.toggle("error", isProblem);
  }
}

customElements.define("label-chips", LabelChips);
