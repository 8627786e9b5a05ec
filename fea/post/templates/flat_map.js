"use strict";
// The unrolled interface: a canvas of the grid's cells, lines between zones, and the value under the pointer.
(() => {
  const byId = (id) => document.getElementById(id);
  const map = JSON.parse(byId("flat-data").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const zone = bytes(map.zone);
  const [across, along] = [map.angles, map.depths.length];
  const NONE = 65535;
  const fields = map.fields.map((field) => ({ ...field, steps: new Uint16Array(bytes(field.data).buffer) }));
  const canvas = byId("flat-canvas");
  const pen = canvas.getContext("2d");
  let chosen = fields[0];
  let at = null;

  const value = (cell) => (chosen.steps[cell] === NONE ? null : chosen.low + ((chosen.high - chosen.low) * chosen.steps[cell]) / (NONE - 1));
  // Seen from outside: the patient's left to the left of anterior, so that angles fall from left to right.
  const column = (x) => across - 1 - x;

  function paint() {
    const small = document.createElement("canvas");
    [small.width, small.height] = [across, along];
    const image = new ImageData(across, along);
    for (let row = 0; row < along; row += 1) {
      for (let x = 0; x < across; x += 1) {
        const found = value(row * across + column(x));
        const rgb = found === null ? rgbOf(map.none) : colourOf(chosen, found);
        image.data.set([...rgb, 255], 4 * (row * across + x));
      }
    }
    small.getContext("2d").putImageData(image, 0, 0);
    const ratio = window.devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, canvas.width, canvas.height);
    const [wide, high] = [canvas.width / across, canvas.height / along];
    pen.strokeStyle = "rgba(28, 33, 38, 0.45)";
    pen.lineWidth = ratio;
    pen.beginPath();
    for (let row = 0; row < along; row += 1) {
      for (let x = 0; x < across; x += 1) {
        const own = zone[row * across + column(x)];
        if (x + 1 < across && zone[row * across + column(x + 1)] !== own) {
          pen.moveTo((x + 1) * wide, row * high);
          pen.lineTo((x + 1) * wide, (row + 1) * high);
        }
        if (row + 1 < along && zone[(row + 1) * across + column(x)] !== own) {
          pen.moveTo(x * wide, (row + 1) * high);
          pen.lineTo((x + 1) * wide, (row + 1) * high);
        }
      }
    }
    pen.stroke();
    if (at !== null) {
      pen.strokeStyle = "#1c2126";
      pen.lineWidth = 2 * ratio;
      pen.strokeRect(at.x * wide - 3, at.row * high - 3, wide + 6, high + 6);
    }
  }

  function tell() {
    if (at === null) {
      byId("flat-hit").textContent = "Point at a place, or focus the map and use the arrow keys.";
      return;
    }
    const cell = at.row * across + column(at.x);
    const angle = -180 + (360 * column(at.x)) / (across - 1);
    const name = map.zones[zone[cell]];
    const found = value(cell);
    const words = found === null ? "no contact at any instant of the cycle, or no stem" : `${Number(found.toPrecision(3))} ${chosen.unit}`;
    byId("flat-hit").textContent = `${words} at ${angle.toFixed(0)}° (0 anterior, 90 left), ${map.depths[at.row].toFixed(1)} mm deep; ${name}`;
  }

  function move(next) {
    at = next;
    paint();
    tell();
  }
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * across);
    const row = Math.floor(((event.clientY - box.top) / box.height) * along);
    if (x >= 0 && x < across && row >= 0 && row < along) move({ x, row });
  });
  canvas.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const from = at || { x: Math.floor(across / 2), row: Math.floor(along / 2) };
    move({ x: Math.max(0, Math.min(across - 1, from.x + step[0])), row: Math.max(0, Math.min(along - 1, from.row + step[1])) });
  });

  const select = byId("flat-field");
  fields.forEach((field, row) => select.add(new Option(`${field.title}, ${field.unit}`, row)));
  function choose() {
    chosen = fields[Number(select.value)];
    const silent = chosen.steps.includes(NONE) ? [[map.none, "no contact at any instant of the cycle, or no stem"]] : [];
    writeLegend(byId("flat-legend"), `${chosen.title}, ${chosen.unit}`, "", chosen, silent);
    paint();
    tell();
  }
  select.addEventListener("change", choose);

  // Lengths are true: the map is as wide as the stem is round.
  const length = map.depths[along - 1] - map.depths[0];
  canvas.style.aspectRatio = `${2 * Math.PI * map.radius} / ${length}`;
  const ticks = byId("flat-depths");
  const step = length < 60 ? 5 : 20;
  for (let level = Math.ceil(map.depths[0] / step) * step; level <= map.depths[along - 1]; level += step) {
    const tick = document.createElement("span");
    tick.style.top = `${(100 * (level - map.depths[0])) / length}%`;
    tick.textContent = level;
    ticks.append(tick);
  }
  new ResizeObserver(paint).observe(canvas);
  choose();
  canvas.dataset.drawn = "yes";
})();
