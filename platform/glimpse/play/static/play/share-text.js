/** Shares a few lines of text by what the device has for that, or copies them. */
class ShareText extends HTMLElement {
  connectedCallback() {
    if (!navigator.share && !navigator.clipboard) return;
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => this.#share());
  }

  async #share() {
    const text = `${this.querySelector(".share-words").textContent}\n${location.origin}`;
    if (navigator.share) await navigator.share({ text }).catch(() => {});
    else {
      await navigator.clipboard.writeText(text);
      this.querySelector("button span").textContent = this.dataset.done;
    }
  }
}

customElements.define("share-text", ShareText);
