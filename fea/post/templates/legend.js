"use strict";
// What both views of the interface share: colours as numbers, the colour of a value, a legend.
const rgbOf = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const shortNumber = (value) => String(Number(value.toPrecision(3)));

// Colour of a value: its band, or between the anchors of a continuous map; the last one above the limits.
function colourOf(shade, value) {
  const { edges, colours, banded } = shade;
  if (banded) {
    let row = 0;
    while (row + 1 < edges.length && value >= edges[row + 1]) row += 1;
    return rgbOf(colours[row]);
  }
  if (value > edges[1]) return rgbOf(colours[colours.length - 1]);
  const last = colours.length - 2;
  const at = Math.max(0, Math.min(1, (value - edges[0]) / (edges[1] - edges[0]))) * last;
  const low = Math.min(Math.floor(at), last - 1);
  const [one, two] = [rgbOf(colours[low]), rgbOf(colours[low + 1])];
  return one.map((part, i) => Math.round(part + (two[i] - part) * (at - low)));
}

// Writes title, note, the shade's colours from the top down, and what else is drawn, [colour, words] each.
function writeLegend(box, title, note, shade, more) {
  box.replaceChildren();
  const row = (hex, text) => {
    const line = document.createElement("div");
    const patch = document.createElement("i");
    patch.style.background = hex;
    line.append(patch, text);
    box.append(line);
  };
  const heading = document.createElement("strong");
  heading.textContent = title;
  box.append(heading, note);
  if (shade !== null && shade.banded) {
    for (let i = shade.edges.length - 1; i >= 0; i -= 1) {
      row(shade.colours[i], i + 1 < shade.edges.length ? `${shade.edges[i]} to ${shade.edges[i + 1]}` : `above ${shade.edges[i]}`);
    }
  } else if (shade !== null) {
    row(shade.colours[shade.colours.length - 1], `above ${shortNumber(shade.edges[1])}`);
    const bar = document.createElement("div");
    bar.className = "ramp";
    bar.style.background = `linear-gradient(to top, ${shade.colours.slice(0, -1).join(", ")})`;
    for (let i = 0; i <= 4; i += 1) {
      const tick = document.createElement("span");
      tick.style.bottom = `${25 * i}%`;
      tick.textContent = shortNumber(shade.edges[0] + ((shade.edges[1] - shade.edges[0]) * i) / 4);
      bar.append(tick);
    }
    box.append(bar);
  }
  for (const [hex, text] of more) row(hex, text);
}
