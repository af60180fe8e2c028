{% load static %}/* Shows the offline page where a page cannot be fetched. Keeps nothing else and answers nothing else. */
const KEPT = "glimpse-offline {% static 'play/glimpse.css' %}";
const PAGE = "{% url 'play:offline' %}";

self.addEventListener("install", (event) => {
  const needed = [PAGE, "{% static 'play/glimpse.css' %}", "{% static 'play/vendor/bricolage-grotesque-latin-wght-normal.woff2' %}"];
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(needed)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const outdated = (names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(outdated));
});

self.addEventListener("fetch", (event) => {
  const isPage = event.request.mode === "navigate";
  const isKept = new URL(event.request.url).pathname.startsWith("{% get_static_prefix %}play/");
  if (isPage) event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
  else if (isKept) event.respondWith(fetch(event.request).catch(() => caches.match(event.request).then((found) => found ?? Response.error())));
});
