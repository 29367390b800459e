// Choosing rows: the box at the head chooses the page, the bar counts. The server counts again.
export function startLists(root) {
  const boxes = () => [...document.querySelectorAll("input[data-choose]")];
  const count = document.querySelector("[data-bulk-count]");
  const head = root.querySelector("[data-choose-page]");
  const elsewhere = count ? Number.parseInt(count.textContent.replace(/\D/g, ""), 10) - boxes().filter((box) => box.defaultChecked).length : 0;
  const show = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (count) count.textContent = count.dataset.pattern.replace(/%\(count\)s/, String(chosen + elsewhere));
    if (head) {
      const all = head.querySelector("input");
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && chosen < boxes().length;
    }
  };
  if (head) {
    head.hidden = false;
    head.querySelector("input").addEventListener("change", (event) => {
      for (const box of boxes()) box.checked = event.target.checked;
      show();
    });
  }
  for (const box of boxes()) box.addEventListener("change", show);
  if (head || count) show();
}
