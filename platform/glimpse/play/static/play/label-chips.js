/**
 * Turns one text input into chips: Enter or a comma makes a chip, a tap removes it, Backspace takes the last
 * one back for editing. What is typed but not yet a chip is submitted too, and a reload loses nothing.
 * Without this module the input takes labels with commas.
 *
 * Attributes: most (chips), longest (characters of one), words (of one).
 */
class LabelChips extends HTMLElement {
  /** @type {HTMLInputElement} */ #input;
  /** @type {HTMLElement} */ #chips;
  /** @type {HTMLElement} */ #hint;
  /** @type {string} */ #invitation;
  #draft = `labels ${location.pathname}`;

  connectedCallback() {
    this.#input = this.querySelector("input");
    this.#hint = document.getElementById(this.#input.getAttribute("aria-describedby"));
    this.#invitation = "One to three features, a word or two each. +20 for what somebody else saw too.";
    this.#chips = document.createElement("div");
    this.#chips.className = "chips";
    this.prepend(this.#chips);
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("input", () => this.#typed());
    this.closest("form").addEventListener("submit", (event) => this.#submit(event));
    this.closest("form").addEventListener("htmx:sendError", () => this.#say("No connection. Your answer is still here: try again.", true));
    this.#chip(this.#input.value || (sessionStorage.getItem(this.#draft) ?? ""));
    if (this.#input.hasAttribute("aria-invalid")) this.scrollIntoView({ block: "center" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.#chips.lastElementChild;
    if (event.key === "Enter" && this.#input.value.trim()) {
      event.preventDefault();
      this.#take(this.#input.value);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (last) this.#toOptions();
      else this.#askForOne();
    } else if (event.key === "Backspace" && !this.#input.value && last) {
      event.preventDefault();
      const text = last.querySelector("input").value;
      this.#remove(last);
      this.#input.value = text;
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
   * Make chips of the comma-separated parts that can be one. What is too long stays in the input; what
   * comes after the last chip is dropped, so that nothing is sent that is not seen.
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
    return this.#isFull() ? "Three are enough: tap one to remove it." : this.#problem(rest[0]);
  }

  /** @param {string} text */
  #addChip(text) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip mine";
    chip.setAttribute("aria-label", `Remove ${text}`);
    chip.append(text, " ×");
    const value = document.createElement("input");
    value.type = "hidden";
    value.name = "labels";
    value.value = text;
    chip.append(value);
    chip.addEventListener("click", () => this.#remove(chip));
    this.#chips.append(chip);
    this.#changed();
  }

  /** @param {Element} chip */
  #remove(chip) {
    chip.remove();
    this.#changed();
    this.#input.focus();
    this.#say(this.#invitation, false);
  }

  #changed() {
    this.#input.hidden = this.#isFull();
    sessionStorage.setItem(this.#draft, [...this.#chips.querySelectorAll("input")].map((input) => input.value).join(","));
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
