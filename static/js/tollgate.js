// Small helps for pages that work without them.

// A log-in that ended answers a part of a page with the log-in page: load that page as a whole instead.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (answered.pathname === document.body.dataset.login) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

// What could not be sent is said where it was asked for; what was typed stays.
const OFFLINE = "There is no connection to Tollgate. What you typed is still here: send it again once you are online.";
const FAILURES = {
  403: "Your role does not allow this any more. Load the page again to see what you may do.",
  404: "This is not here any more. Load the page again.",
  405: "This address does not work that way. Load the page again.",
  413: "This is too large to be sent. What you typed is still here.",
  429: "That was too often in a short time. Wait a minute; what you typed is still here.",
};
const OURS = "Something went wrong on our side, and nothing was saved. What you typed is still here: try again in a minute.";
const saidAt = new WeakMap();
const unsay = (place) => {
  saidAt.get(place)?.remove();
  saidAt.delete(place);
};
const sayFailure = (place, words) => {
  if (saidAt.get(place)?.textContent === words) return; // asked again every two seconds, it is said once
  unsay(place);
  const line = document.createElement("p");
  line.className = "tg-failed";
  line.setAttribute("role", "alert");
  line.textContent = words;
  if (place.matches("form")) place.append(line);
  else place.before(line);
  saidAt.set(place, line);
};
document.addEventListener("htmx:sendError", (event) => sayFailure(event.detail.elt, OFFLINE));
document.addEventListener("htmx:timeout", (event) => sayFailure(event.detail.elt, OFFLINE));
document.addEventListener("htmx:responseError", (event) =>
  sayFailure(event.detail.elt, FAILURES[event.detail.xhr.status] || OURS)
);
document.addEventListener("htmx:beforeSwap", (event) => unsay(event.detail.requestConfig?.elt || event.detail.elt));

// Printed, a page shows what is folded away on the screen.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("main details:not([open], .tg-figures)")) {
    folded.open = true;
    folded.dataset.printed = "yes";
  }
});
window.addEventListener("afterprint", () => {
  for (const folded of document.querySelectorAll("details[data-printed]")) {
    folded.open = false;
    delete folded.dataset.printed;
  }
});

// After a refused form the reader starts at what is wrong.
const focusOnErrors = (root) => root.querySelector("[data-focus]")?.focus();
document.addEventListener("DOMContentLoaded", () => focusOnErrors(document));
document.addEventListener("htmx:afterSwap", (event) => focusOnErrors(event.detail.target));

// The first engagement of an organisation starts with the zone of its reader's clock.
document.addEventListener("DOMContentLoaded", () => {
  const select = document.querySelector("[data-own-zone] select");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select && [...select.options].some((option) => option.value === zone)) select.value = zone;
});

// Menus close when the reader goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// One click sends a form once; the server refuses a second sending all the same.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  unsay(form);
  if (!navigator.onLine) {
    event.preventDefault();
    sayFailure(form, OFFLINE);
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A name below a comment becomes a button that writes it where the reader was writing; without this it is read and typed.
const nameButtons = (root) => {
  for (const name of root.querySelectorAll("[data-names] span[data-name]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-secondary btn-sm";
    button.dataset.name = "";
    button.textContent = name.textContent;
    name.replaceWith(button);
  }
};
document.addEventListener("DOMContentLoaded", () => nameButtons(document));
document.addEventListener("htmx:afterSwap", () => nameButtons(document));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-names] button[data-name]");
  if (!button) return;
  const field = document.getElementById(button.closest("[data-names]").dataset.names);
  const before = field.value.slice(0, field.selectionStart);
  const gap = before && !/\s$/.test(before) ? " " : "";
  field.setRangeText(`${gap}${button.textContent} `, field.selectionStart, field.selectionEnd, "end");
  field.focus();
});

// Keeps the marked entry of a row that scrolls in sight on a phone, without moving the page.
for (const entry of document.querySelectorAll(".tg-tabs [aria-current], .tg-shelf [aria-current]")) {
  const strip = entry.closest(".tg-tabs") || entry.closest("ul");
  const [at, within] = [entry.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += at.left + at.width / 2 - (within.left + within.width / 2);
}
