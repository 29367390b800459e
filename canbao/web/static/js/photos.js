// One press instead of two: choosing a photo sends it. Without a script both stay on the page.
export function startPhotos(root) {
  for (const form of root.querySelectorAll("form[data-photo]:not([data-ready])")) {
    form.dataset.ready = "yes";
    const file = form.querySelector('input[type="file"]');
    const button = form.querySelector("button");
    file.tabIndex = -1;
    button.addEventListener("click", (event) => {
      if (file.files.length) return;
      event.preventDefault();
      file.click();
    });
    file.addEventListener("change", () => { if (file.files.length) form.requestSubmit(button); });
  }
}
