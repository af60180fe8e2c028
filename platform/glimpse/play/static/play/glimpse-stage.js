const DOUBLE_TAP_MS = 350;

/**
 * The stage: a picture that arrives fades in over the one before it, and says so when it does not arrive.
 * Without this module the pictures simply appear.
 *
 * Attributes: data-problem, data-retry (what to say).
 */
class GlimpseStage extends HTMLElement {
  static #hasStage = false;

  connectedCallback() {
    if (GlimpseStage.#hasStage) this.#changed();
    GlimpseStage.#hasStage = true;
    for (const picture of this.querySelectorAll("img.arriving")) {
      if (!picture.complete) this.#await(picture);
    }
  }

  /** Screen readers tell of a change of what was there before: the line outside of the stage, which stays. */
  #changed() {
    this.#ignoreDoubleTap();
    const words = this.querySelector("[data-say]")?.textContent;
    if (words) document.getElementById("said").textContent = words;
  }

  /** A double tap is meant once: the button that has just arrived under the finger waits a moment. */
  #ignoreDoubleTap() {
    const since = performance.now();
    this.addEventListener("click", (event) => {
      const isPointer = event.detail > 0;
      if (isPointer && performance.now() - since < DOUBLE_TAP_MS) event.preventDefault();
    });
  }

  /** @param {HTMLImageElement} picture */
  #await(picture) {
    picture.classList.add("loading");
    picture.addEventListener("load", () => picture.classList.remove("loading"), { once: true });
    picture.addEventListener("error", () => this.#offerRetry(picture), { once: true });
  }

  /** @param {HTMLImageElement} picture */
  #offerRetry(picture) {
    const problem = document.createElement("div");
    problem.className = "stage-problem";
    problem.setAttribute("role", "alert");
    problem.append(`${this.dataset.problem ?? ""} `);
    const retry = document.createElement("button");
    retry.type = "button";
    retry.className = "button";
    retry.textContent = this.dataset.retry ?? "↻";
    retry.addEventListener("click", () => {
      problem.remove();
      this.#await(picture);
      picture.src = picture.src;
    });
    problem.append(retry);
    picture.parentElement.append(problem);
  }
}

customElements.define("glimpse-stage", GlimpseStage);
