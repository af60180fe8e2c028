/**
 * Around the answer's form: says how long the glimpse was looked at, shows that the answer is on its way, and
 * keeps it when there is no connection or the server fails. Without this module the form is simply sent.
 */
class AnswerForm extends HTMLElement {
  #since = performance.now();

  connectedCallback() {
    this.addEventListener("submit", () => this.#time(), { capture: true });
    this.addEventListener("htmx:sendError", (event) => this.#keep(event));
    this.addEventListener("htmx:timeout", (event) => this.#keep(event));
    this.addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 500 && this.#keep(event));
  }

  get #form() {
    return this.querySelector("form");
  }

  #time() {
    const seconds = (performance.now() - this.#since) / 1000;
    this.#form.elements.seconds.value = seconds.toFixed(1);
  }

  #keep(event) {
    if (event.target !== this.#form) return;
    const body = new URLSearchParams(new FormData(this.#form)).toString();
    dispatchEvent(new CustomEvent("glimpse:keep", { detail: { address: this.#form.action, body } }));
  }
}

customElements.define("answer-form", AnswerForm);
