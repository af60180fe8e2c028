const STORE = "glimpse-answers";
const RETRY_MS = 4000;

/**
 * Answers that could not be sent for want of a connection, kept in this browser until they have arrived. The
 * server takes an answer once, however often it is sent, so that a doubt is no danger.
 *
 * Attributes: data-waiting, data-sent, data-look, data-refused (what to say).
 */
class KeptAnswers extends HTMLElement {
  #timer = 0;
  #waitsFor = "";

  connectedCallback() {
    addEventListener("online", () => this.#send());
    addEventListener("storage", () => this.#sentElsewhere());
    addEventListener("glimpse:keep", (event) => this.#keep(event.detail));
    if (this.#all().length) this.#send();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /** @returns {{ address: string, body: string }[]} */
  #all() {
    return JSON.parse(localStorage.getItem(STORE) ?? "[]");
  }

  /** @param {{ address: string, body: string }[]} answers */
  #store(answers) {
    localStorage.setItem(STORE, JSON.stringify(answers));
  }

  /** @param {{ address: string, body: string }} answer */
  #keep(answer) {
    this.#store([...this.#all().filter((other) => other.address !== answer.address), answer]);
    this.#waitsFor = answer.address;
    this.#say(this.dataset.waiting);
    this.#later();
  }

  /** Another tab has sent what this page waits for. */
  #sentElsewhere() {
    if (!this.#waitsFor || this.#all().some(({ address }) => address === this.#waitsFor)) return;
    location.assign(this.#round(this.#waitsFor));
  }

  /** @param {string} address of an answer @returns {string} of its round */
  #round(address) {
    return new URL("./", new URL(address, location.href)).pathname;
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), RETRY_MS);
  }

  /** One tab sends at a time. */
  #send() {
    const sending = () => this.#sendAll().catch(() => this.#later());
    if (navigator.locks) navigator.locks.request(STORE, { ifAvailable: true }, (lock) => (lock ? sending() : this.#later()));
    else sending();
  }

  async #sendAll() {
    for (const { address, body } of this.#all()) {
      let response = await this.#post(address, body);
      if (response.status === 403) response = await this.#post(address, this.#renewed(body));
      if (response.status >= 500 || response.status === 403) throw new Error(`status ${response.status}`);
      this.#store(this.#all().filter((other) => other.address !== address));
      this.#arrived(response, address);
    }
  }

  /** @param {string} address @param {string} body */
  #post(address, body) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" };
    return fetch(address, { method: "POST", body, headers });
  }

  /** Signing in makes another token than the one that an answer was written with. @param {string} body */
  #renewed(body) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    const form = new URLSearchParams(body);
    if (token) form.set(token.name, token.value);
    return form.toString();
  }

  /** @param {Response} response @param {string} address */
  #arrived(response, address) {
    const round = response.headers.get("HX-Redirect") ?? this.#round(address);
    const isHere = location.pathname === round;
    if (address === this.#waitsFor) this.#waitsFor = "";
    if (!response.ok) this.#say(this.dataset.refused, isHere ? undefined : round);
    else if (isHere) location.assign(round);
    else this.#say(this.dataset.sent, round);
  }

  /** @param {string} text @param {string} [round] */
  #say(text, round) {
    this.replaceChildren(text);
    if (round) {
      const link = document.createElement("a");
      link.href = round;
      link.textContent = this.dataset.look;
      this.append(" ", link);
    }
    this.hidden = false;
  }
}

customElements.define("kept-answers", KeptAnswers);
