/** What every page does: offers an offline page, and comes up to date when the browser brings it back. */
const { serviceWorker } = document.body.dataset;
if ("serviceWorker" in navigator && serviceWorker) {
  addEventListener("load", () => navigator.serviceWorker.register(serviceWorker).catch(() => {}), { once: true });
}

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
