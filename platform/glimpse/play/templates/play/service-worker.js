{% load static %}/* Shows the offline page, which sends kept answers too, where a page cannot be fetched. Keeps nothing else. */
const PAGE = "{% url 'play:offline' %}";
const NEEDED = [
  "{% static 'play/glimpse.css' %}",
  "{% static 'play/page.js' %}",
  "{% static 'play/kept-answers.js' %}",
  "{% static 'play/vendor/htmx.min.js' %}",
  "{% static 'play/vendor/bricolage-grotesque-latin-wght-normal.woff2' %}",
];
const KEPT = `glimpse-offline ${NEEDED.join(" ")}`; // new files, new cache

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([PAGE, ...NEEDED])).then(() => self.skipWaiting()));
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
