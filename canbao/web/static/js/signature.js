// Drawing one's name: only strokes are kept, scaled with the box, and sent as a PNG with no ground.
export function startSignatures(root) {
  for (const pad of root.querySelectorAll("[data-signature]:not([data-ready])")) start(pad);
}

function start(pad) {
  pad.dataset.ready = "yes";
  const box = pad.querySelector(".cb-sign__box");
  const canvas = pad.querySelector("canvas");
  const value = pad.querySelector("[data-signature-value]");
  pad.querySelector(".cb-sign__without").hidden = true;
  box.hidden = false;
  const strokes = [];
  let stroke = null;

  const draw = () => {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    const pen = canvas.getContext("2d");
    pen.scale(canvas.width, canvas.height);
    pen.strokeStyle = "#1b2427";
    pen.lineCap = "round";
    pen.lineJoin = "round";
    for (const points of strokes) {
      pen.save();
      pen.beginPath();
      pen.moveTo(...points[0]);
      for (const point of points) pen.lineTo(...point);
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.lineWidth = 3.5 * ratio;
      pen.stroke();
      pen.restore();
    }
  };
  const place = (event) => {
    const area = canvas.getBoundingClientRect();
    return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
  };
  const store = () => { value.value = strokes.length ? canvas.toDataURL("image/png") : ""; };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke = [place(event)];
    strokes.push(stroke);
    draw();
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    stroke.push(place(event));
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => { stroke = null; store(); });
  }
  pad.querySelector("[data-signature-clear]").addEventListener("click", () => {
    strokes.length = 0;
    draw();
    store();
  });
  new ResizeObserver(draw).observe(canvas);
}
