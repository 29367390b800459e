// Everything a page gains by a script. Each part looks for its own marks and leaves others alone.
import { Button, Checkboxes, createAll, ErrorSummary, Radios, SkipLink } from "./govuk-frontend.min.js";
import { startPhotos } from "./photos.js";
import { startKeys } from "./keys.js";
import { startLists } from "./lists.js";
import { startSignatures } from "./signature.js";
import { startTyped } from "./typed.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, Checkboxes, ErrorSummary, Radios, SkipLink]) createAll(component);

function start(root) {
  startPhotos(root);
  startLists(root);
  startSignatures(root);
}
start(document);
startTyped();
startKeys();

if (document.querySelector("[hx-get], [hx-post]")) {
  const script = document.createElement("script");
  script.src = new URL("./htmx.min.js", import.meta.url).href;
  document.head.append(script);
  document.addEventListener("htmx:after:swap", () => start(document));
}
