// A page that loses its network says so, and no typed word is lost. Words are kept in this tab only
// and are gone when the form has arrived; passwords, files, hidden values and forms marked
// data-keep="no" are never kept.
const PREFIX = "canbao-typed:";
const SENT = "canbao-sent";
const HOURS = 8;

function storage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function keepable(control) {
  return control.name && !control.disabled && control.dataset.keep !== "no"
    && !["hidden", "password", "file", "submit", "button", "reset"].includes(control.type);
}

function forms() {
  return [...document.forms].filter((form) => form.method === "post" && form.dataset.keep !== "no");
}

function nameOf(form, place) {
  return PREFIX + location.pathname + location.search + "#" + (form.id || place);
}

function valueOf(control) {
  return ["checkbox", "radio"].includes(control.type) ? control.checked : control.value;
}

function unchanged(control) {
  if (["checkbox", "radio"].includes(control.type)) return control.checked === control.defaultChecked;
  if (control instanceof HTMLSelectElement) {
    return [...control.options].every((option) => option.selected === option.defaultSelected)
      || ![...control.options].some((option) => option.defaultSelected);
  }
  return control.value === control.defaultValue;
}

function remember(store, form, place) {
  const words = {};
  [...form.elements].forEach((control, at) => {
    if (keepable(control) && !unchanged(control)) words[at + ":" + control.name + ":" + (control.type === "radio" ? control.value : "")] = valueOf(control);
  });
  try {
    if (Object.keys(words).length) store.setItem(nameOf(form, place), JSON.stringify({ at: Date.now(), words }));
    else store.removeItem(nameOf(form, place));
  } catch {
    // A full store must not stop anybody from typing.
  }
}

function restore(store, form, place) {
  const kept = JSON.parse(store.getItem(nameOf(form, place)) || "null");
  if (!kept || Date.now() - kept.at > HOURS * 3600 * 1000) return false;
  let any = false;
  [...form.elements].forEach((control, at) => {
    const word = kept.words[at + ":" + control.name + ":" + (control.type === "radio" ? control.value : "")];
    if (word === undefined || !keepable(control) || valueOf(control) === word) return;
    if (["checkbox", "radio"].includes(control.type)) control.checked = word;
    else control.value = word;
    control.dispatchEvent(new Event("change", { bubbles: true }));
    any = true;
  });
  return any;
}

export function startTyped() {
  const banner = document.querySelector("[data-offline]");
  const say = () => { if (banner) banner.hidden = navigator.onLine; };
  window.addEventListener("online", say);
  window.addEventListener("offline", say);
  say();
  document.addEventListener("htmx:error", () => { if (banner) banner.hidden = false; });

  const store = storage();
  if (store) arrived(store);
  forms().forEach((form, place) => {
    if (store) {
      if (restore(store, form, place)) showRestored(store, form, place);
      form.addEventListener("input", () => remember(store, form, place));
      form.addEventListener("change", () => remember(store, form, place));
    }
    form.addEventListener("submit", (event) => {
      if (navigator.onLine === false) {
        event.preventDefault();
        say();
        if (banner) { banner.tabIndex = -1; banner.focus(); }
        return;
      }
      if (form.dataset.sending === "yes") {
        event.preventDefault();
        return;
      }
      form.dataset.sending = "yes";
      window.setTimeout(() => { delete form.dataset.sending; }, 10000);
      if (store) store.setItem(SENT, nameOf(form, place));
    });
  });
  window.addEventListener("pageshow", () => forms().forEach((form) => { delete form.dataset.sending; }));
}

// What was sent has arrived when a page came by following it, not by the back or reload button.
function arrived(store) {
  const sent = store.getItem(SENT);
  if (!sent) return;
  store.removeItem(SENT);
  const [visit] = performance.getEntriesByType("navigation");
  if (!visit || visit.type === "navigate") store.removeItem(sent);
}

function showRestored(store, form, place) {
  const told = document.querySelector("[data-restored]");
  if (!told) return;
  told.hidden = false;
  told.querySelector("[data-forget-typed]").addEventListener("click", () => {
    store.removeItem(nameOf(form, place));
    form.reset();
    told.hidden = true;
  });
}
