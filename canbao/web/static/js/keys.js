// Keys for those who check hundreds a day. They rest while one types and can be switched off.
const OFF = "canbao-keys-off";

function typing(element) {
  return element && (element.isContentEditable || ["TEXTAREA", "SELECT"].includes(element.tagName)
    || (element.tagName === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(element.type)));
}

function off() {
  try { return window.localStorage.getItem(OFF) === "yes"; } catch { return false; }
}

export function startKeys() {
  const line = document.querySelector("[data-keys-row]");
  if (!line) return;
  const dialog = document.querySelector("[data-keys-dialog]");
  const on = dialog.querySelector("[data-keys-on]");
  on.checked = !off();
  on.addEventListener("change", () => {
    try { window.localStorage.setItem(OFF, on.checked ? "no" : "yes"); } catch { /* not kept */ }
  });
  const act = line.dataset.keysRow === "case" ? inCase : inList;
  document.addEventListener("keydown", (event) => {
    if (dialog.open) return;
    if (event.key === "?" && !typing(event.target)) { event.preventDefault(); dialog.showModal(); return; }
    if (off()) return;
    if (event.ctrlKey && event.key === "Enter") { press("ctrl+enter", event); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key.length === 1 && press(event.key.toLowerCase(), event)) return;
    act(event);
  });
}

function press(name, event) {
  const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key.toLowerCase() === name);
  if (!target) return false;
  event.preventDefault();
  target.click();
  return true;
}

function inList(event) {
  const rows = [...document.querySelectorAll("[data-keys] [data-row]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const key = event.key.toLowerCase();
  if (key === "/") {
    const find = document.querySelector("[data-find], .cb-filter input");
    if (find) { event.preventDefault(); find.focus(); }
  } else if (key === "j" || key === "k") {
    const next = rows[here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + (key === "j" ? 1 : -1)))];
    const target = next?.querySelector("a, input");
    if (target) { event.preventDefault(); target.focus(); }
  } else if (key === "x" && here >= 0) {
    const box = rows[here].querySelector("[data-choose]");
    if (box) { event.preventDefault(); box.click(); }
  }
}

function inCase(event) {
  const items = [...document.querySelectorAll("[data-item]")];
  const here = items.find((item) => item.contains(document.activeElement));
  if (/^[1-9]$/.test(event.key)) {
    const item = items.find((one) => one.dataset.item === event.key);
    const target = item?.querySelector("input:checked, input");
    if (target) { event.preventDefault(); target.focus(); item.scrollIntoView({ block: "nearest" }); }
  } else if (["y", "n"].includes(event.key.toLowerCase()) && here) {
    const answer = here.querySelector(`input[value="${event.key.toLowerCase() === "y" ? "yes" : "no"}"]`);
    if (answer) { event.preventDefault(); answer.click(); answer.focus(); }
  } else if (["ArrowLeft", "ArrowRight"].includes(event.key) && document.activeElement?.type !== "radio") {
    const thumbs = [...document.querySelectorAll("[data-thumb]")];
    const at = thumbs.findIndex((thumb) => thumb.hasAttribute("aria-current"));
    const next = thumbs[at + (event.key === "ArrowLeft" ? -1 : 1)];
    if (next) { event.preventDefault(); next.click(); }
  }
}
