let chosen = "";

/**
 * Labels to follow through the layers: the chosen one's plot and table show, and everything that it names lights up.
 * It stays chosen when the page's part with it is exchanged. Without this module each label is a link.
 */
class LabelPath extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.#click(event));
    if (chosen && this.querySelector(`[data-label="${chosen}"]`)) queueMicrotask(() => this.#choose(chosen));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const link = event.target.closest("[data-label]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#choose(link.dataset.label);
    history.replaceState(history.state, "", link.href);
  }

  /** @param {string} label */
  #choose(label) {
    chosen = label;
    for (const link of this.querySelectorAll("[data-label]")) {
      const isChosen = link.dataset.label === label;
      link.classList.toggle("mine", isChosen);
      if (isChosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const part of document.querySelectorAll("[data-path]")) part.hidden = part.dataset.path !== label;
    for (const part of document.querySelectorAll("[data-groups]")) {
      part.classList.toggle("lit", part.dataset.groups.split(" ").includes(label));
    }
  }
}

customElements.define("label-path", LabelPath);
