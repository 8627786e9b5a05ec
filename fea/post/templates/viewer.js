"use strict";
// The view: patches of triangles, one of which colours by a field at an instant, turned, cut and played.
(() => {
  const byId = (id) => document.getElementById(id);
  const place = byId("view3d");
  const scene = JSON.parse(byId("view3d-data").textContent);

  // --- data ---------------------------------------------------------------------------------------
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const colour = (hex) => rgbOf(hex).map((part) => part / 255);

  function unpack(patch) {
    const normals = new Int8Array(bytes(patch.normals));
    const fields = {};
    for (const [key, field] of Object.entries(patch.fields)) {
      const steps = new Uint16Array(bytes(field.data));
      fields[key] = { steps, rows: field.rows, low: field.low, pace: (field.high - field.low) / 65535 };
    }
    const corners = new Uint32Array(bytes(patch.triangles));
    const cells = new Uint32Array((corners.length / 3) * 4);
    for (let i = 0, j = 0; i < corners.length; i += 3) {
      cells[j++] = 3;
      cells[j++] = corners[i];
      cells[j++] = corners[i + 1];
      cells[j++] = corners[i + 2];
    }
    return {
      part: patch.part, name: patch.name, colour: colour(patch.colour), cut: patch.cut, instead: patch.instead, fields, cells,
      points: new Float32Array(bytes(patch.points)),
      normals: Float32Array.from(normals, (value) => value / 127),
    };
  }

  function values(patch, key, instant) {
    const field = patch.fields[key];
    const count = patch.points.length / 3;
    const start = (field.rows > 1 ? instant : 0) * count;
    const found = new Float32Array(count);
    for (let i = 0; i < count; i += 1) found[i] = field.low + field.pace * field.steps[start + i];
    return found;
  }

  // --- the state that the controls set ------------------------------------------------------------
  const state = { instant: scene.start, shade: null, cut: scene.cuts.length ? scene.cuts[0].name : "", whole: true, shown: { bone: true, stem: true, interface: true } };

  // --- drawing ------------------------------------------------------------------------------------
  const { Core } = vtk.Rendering;
  const { DataModel } = vtk.Common;
  if (!document.createElement("canvas").getContext("webgl2")) {
    byId("view3d-wait").textContent = "This browser draws nothing in three dimensions here (it offers no WebGL). The pictures below show the same.";
    return;
  }
  const window3d = vtk.Rendering.Misc.vtkGenericRenderWindow.newInstance({ background: [1, 1, 1], listenWindowResize: true });
  window3d.setContainer(place);
  const renderer = window3d.getRenderer();
  const renderWindow = window3d.getRenderWindow();
  const camera = renderer.getActiveCamera();
  camera.setParallelProjection(true);

  const planes = {};
  for (const cut of scene.cuts) {
    planes[cut.name] = DataModel.vtkPlane.newInstance({ origin: [0, 0, 0], normal: cut.away.map((x) => -x) });
  }

  const drawn = scene.patches.map(unpack).map((patch) => {
    const data = DataModel.vtkPolyData.newInstance();
    data.getPoints().setData(patch.points, 3);
    data.getPolys().setData(patch.cells);
    data.getPointData().setNormals(vtk.Common.Core.vtkDataArray.newInstance({ name: "normals", values: patch.normals, numberOfComponents: 3 }));
    const mapper = Core.vtkMapper.newInstance({ interpolateScalarsBeforeMapping: true });
    mapper.setInputData(data);
    const actor = Core.vtkActor.newInstance();
    actor.setMapper(mapper);
    actor.getProperty().set(patch.cut ? { ambient: 1, diffuse: 0 } : { ambient: 0.25, diffuse: 0.75 });
    renderer.addActor(actor);
    return { ...patch, data, mapper, actor };
  });

  function table(shade) {
    const found = Core.vtkColorTransferFunction.newInstance();
    const last = shade.colours[shade.colours.length - 1];
    if (shade.banded) {
      shade.edges.forEach((edge, row) => {
        const [r, g, b] = colour(shade.colours[row]);
        const end = row + 1 < shade.edges.length ? shade.edges[row + 1] : edge * 1.0001;
        found.addRGBPointLong(edge, r, g, b, 0.5, 1.0);
        found.addRGBPointLong(end - 1e-4 * (end - edge || 1), r, g, b, 0.5, 1.0);
      });
    } else {
      const anchors = shade.colours.slice(0, -1);
      anchors.forEach((hex, row) => {
        const [r, g, b] = colour(hex);
        found.addRGBPoint(shade.edges[0] + ((shade.edges[1] - shade.edges[0]) * row) / (anchors.length - 1), r, g, b);
      });
    }
    found.setMappingRange(shade.edges[0], shade.edges[shade.edges.length - 1]);
    found.setUseAboveRangeColor(true);
    found.setAboveRangeColor([...colour(last), 1]);
    found.setUseBelowRangeColor(true);
    found.setBelowRangeColor([...colour(shade.colours[0]), 1]);
    found.updateRange();
    return found;
  }
  const tables = Object.fromEntries(scene.shades.map((shade) => [shade.key, table(shade)]));

  const arrow = vtk.Filters.Sources.vtkArrowSource.newInstance({ tipResolution: 24, shaftResolution: 16, pointType: "Float32Array" });
  const load = Core.vtkActor.newInstance();
  const loadMapper = Core.vtkMapper.newInstance();
  loadMapper.setInputConnection(arrow.getOutputPort());
  load.setMapper(loadMapper);
  load.getProperty().setColor(...colour(scene.loadColour));
  renderer.addActor(load);
  const largest = Math.max(...scene.load.map((force) => Math.hypot(...force)), 1e-9);

  // The arrow ends where the load acts; its length goes with the force, 60 mm at the largest.
  function aim(force) {
    const size = Math.hypot(...force);
    load.setVisibility(size > 0.01 * largest);
    if (size <= 0) return;
    const along = force.map((x) => x / size);
    const length = (60 * size) / largest;
    const across = Math.abs(along[0]) < 0.9 ? [0, along[2], -along[1]] : [-along[2], 0, along[0]];
    const norm = Math.hypot(...across);
    const second = across.map((x) => x / norm);
    const third = [0, 1, 2].map((i) => along[(i + 1) % 3] * second[(i + 2) % 3] - along[(i + 2) % 3] * second[(i + 1) % 3]);
    const thick = 40;
    load.setUserMatrix([
      ...along.map((x) => x * length), 0, ...second.map((x) => x * thick), 0, ...third.map((x) => x * thick), 0,
      ...scene.actsAt.map((x, i) => x - along[i] * length), 1,
    ]);
  }

  const cube = Core.vtkAnnotatedCubeActor.newInstance();
  const face = (text, hex) => ({ text, faceColor: hex, fontColor: "#ffffff", fontStyle: "bold", faceRotation: 0 });
  const [front, side, up] = scene.axes.map((axis) => axis.colour);
  cube.setDefaultStyle({ fontFamily: "sans-serif", edgeThickness: 0.05, edgeColor: "#ffffff", resolution: 200 });
  cube.setXPlusFaceProperty({ ...face("ant.", front), faceRotation: 90 });
  cube.setXMinusFaceProperty({ ...face("post.", front), faceRotation: -90 });
  cube.setYPlusFaceProperty({ ...face("left", side), faceRotation: 180 });
  cube.setYMinusFaceProperty(face("right", side));
  cube.setZPlusFaceProperty({ ...face("prox.", up), faceRotation: 90 });
  cube.setZMinusFaceProperty({ ...face("dist.", up), faceRotation: -90 });
  const marker = vtk.Interaction.Widgets.vtkOrientationMarkerWidget.newInstance({ actor: cube, interactor: renderWindow.getInteractor() });
  marker.setEnabled(true);
  marker.setViewportCorner(vtk.Interaction.Widgets.vtkOrientationMarkerWidget.Corners.BOTTOM_LEFT);
  marker.setViewportSize(0.14);
  marker.setMinPixelSize(70);
  marker.setMaxPixelSize(110);

  function show() {
    const shade = state.shade;
    const key = shade === null ? "" : shade.key;
    const replaced = drawn.some((one) => one.instead !== "" && one.instead === key);
    for (const one of drawn) {
      const whole = state.whole && one.part !== "bone";
      const stands = one.instead ? one.instead === key : !(replaced && one.part === "interface");
      const on = stands && state.shown[one.part] && (one.cut === "" || (one.cut === state.cut && !whole));
      one.actor.setVisibility(on);
      if (!on) continue;
      one.mapper.removeAllClippingPlanes();
      if (state.cut && one.cut === "" && !whole) one.mapper.addClippingPlane(planes[state.cut]);
      const coloured = key in one.fields;
      one.mapper.setScalarVisibility(coloured);
      one.actor.getProperty().setColor(...one.colour);
      if (!coloured) continue;
      const array = vtk.Common.Core.vtkDataArray.newInstance({ name: key, values: values(one, key, state.instant) });
      one.data.getPointData().setScalars(array);
      one.mapper.setLookupTable(tables[key]);
      one.mapper.setUseLookupTableScalarRange(true);
    }
    aim(scene.load[state.instant]);
    name();
    renderWindow.render();
  }

  // --- words beside the picture -------------------------------------------------------------------
  function name() {
    const force = Math.hypot(...scene.load[state.instant]);
    byId("view3d-name").textContent = `${scene.instants[state.instant]}, load ${force.toFixed(0)} N`;
  }

  function legend() {
    const shade = state.shade;
    const title = shade === null ? "Parts" : `${shade.title}, ${shade.unit}`;
    const note = shade !== null && !shade.moving ? "the same at every instant" : "";
    const onInterface = shade !== null && scene.patches.some((patch) => patch.part === "interface" && shade.key in patch.fields);
    const plain = (patch) => shade === null || (onInterface && patch.part === "interface" && !(shade.key in patch.fields));
    const more = new Map(scene.patches.filter(plain).map((patch) => [patch.colour, patch.name]).reverse());
    writeLegend(byId("view3d-legend"), title, note, shade, [...more].reverse().concat([[scene.loadColour, "load on the implant"]]));
  }

  function ruler() {
    const perMm = place.clientHeight / (2 * camera.getParallelScale());
    const length = [1, 2, 5, 10, 20, 50, 100].reduce((best, mm) => (mm * perMm <= 120 ? mm : best), 1);
    const bar = byId("view3d-scale");
    bar.style.width = `${length * perMm}px`;
    bar.firstElementChild.textContent = `${length} mm`;
  }

  // --- views --------------------------------------------------------------------------------------
  const VIEWS = { anterior: [1, 0, 0], left: [0, 1, 0], posterior: [-1, 0, 0], distal: [0.0001, 0, -1], oblique: [0.75, 0.6, 0.15] };
  function look(from) {
    const direction = VIEWS[from];
    const wide = place.clientWidth > 1.2 * place.clientHeight;
    camera.setFocalPoint(0, 0, 0);
    camera.setPosition(...direction);
    camera.setViewUp(...(from === "distal" ? [1, 0, 0] : [0, 0, 1]));
    // On a wide screen the axis lies along it, proximal to the right.
    if (wide && from !== "distal") camera.roll(90);
    renderer.resetCamera();
    fit();
    renderer.resetCameraClippingRange();
    renderWindow.render();
  }

  // Fills the window with what is visible, seen along the camera's direction.
  function fit() {
    const [xl, xh, yl, yh, zl, zh] = renderer.computeVisiblePropBounds();
    const up = camera.getViewUp();
    const ahead = camera.getDirectionOfProjection();
    const right = [ahead[1] * up[2] - ahead[2] * up[1], ahead[2] * up[0] - ahead[0] * up[2], ahead[0] * up[1] - ahead[1] * up[0]];
    const reach = (axis) => Math.abs(axis[0]) * (xh - xl) / 2 + Math.abs(axis[1]) * (yh - yl) / 2 + Math.abs(axis[2]) * (zh - zl) / 2;
    const slim = (reach(right) * place.clientHeight) / place.clientWidth;
    camera.setParallelScale(1.08 * Math.max(reach(up), slim));
  }

  // --- controls -----------------------------------------------------------------------------------
  const slider = byId("view3d-instant");
  slider.max = scene.instants.length - 1;
  slider.value = state.instant;
  slider.addEventListener("input", () => {
    state.instant = Number(slider.value);
    show();
  });
  const select = byId("view3d-shade");
  select.add(new Option("parts", ""));
  for (const shade of scene.shades) select.add(new Option(`${shade.title}, ${shade.unit}`, shade.key));
  function paint(key) {
    state.shade = scene.shades.find((shade) => shade.key === key) || null;
    select.value = key;
    legend();
    show();
  }
  select.addEventListener("change", () => paint(select.value));
  const cuts = byId("view3d-cut");
  for (const cut of scene.cuts) cuts.add(new Option(cut.title, cut.name));
  cuts.value = state.cut;
  cuts.addEventListener("change", () => {
    state.cut = cuts.value;
    show();
  });
  for (const box of document.querySelectorAll("[data-part]")) {
    box.addEventListener("change", () => {
      state.shown[box.dataset.part] = box.checked;
      show();
    });
  }
  byId("view3d-whole").addEventListener("change", (event) => {
    state.whole = event.target.checked;
    show();
  });
  for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => look(button.dataset.view));
  let playing = 0;
  const play = byId("view3d-play");
  play.addEventListener("click", () => {
    if (playing) {
      clearInterval(playing);
      playing = 0;
    } else {
      playing = setInterval(() => {
        state.instant = state.instant + 1 < scene.instants.length ? state.instant + 1 : Math.min(1, scene.instants.length - 1);
        slider.value = state.instant;
        show();
      }, 120);
    }
    play.textContent = playing ? "Stop" : "Play";
    play.setAttribute("aria-pressed", String(Boolean(playing)));
  });

  const picker = Core.vtkCellPicker.newInstance({ tolerance: 0 });
  // The page scrolls over the view until it is clicked.
  place.addEventListener("wheel", (event) => {
    if (document.activeElement !== place) event.stopImmediatePropagation();
  }, true);
  place.addEventListener("keydown", (event) => {
    const turn = { ArrowLeft: [5, 0], ArrowRight: [-5, 0], ArrowUp: [0, -5], ArrowDown: [0, 5] }[event.key];
    const zoom = { "+": 1.1, "-": 1 / 1.1 }[event.key];
    if (turn) {
      camera.azimuth(turn[0]);
      camera.elevation(turn[1]);
      camera.orthogonalizeViewUp();
    } else if (zoom) camera.zoom(zoom);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
    renderer.resetCameraClippingRange();
    renderWindow.render();
  }, true);
  let down = null;
  place.addEventListener("pointerdown", () => place.focus({ preventScroll: true }), true);
  place.addEventListener("pointerdown", (event) => { down = [event.clientX, event.clientY]; }, true);
  place.addEventListener("pointerup", (event) => {
    if (down === null || Math.hypot(event.clientX - down[0], event.clientY - down[1]) > 3) return;
    const canvas = place.querySelector("canvas");
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * canvas.width;
    const y = (1 - (event.clientY - box.top) / box.height) * canvas.height;
    picker.pick([x, y, 0], renderer);
    const hit = drawn.find((one) => one.actor === picker.getActors()[0]);
    byId("view3d-hit").textContent = hit ? told(hit, picker.getPickedPositions()[0]) : "";
  }, true);
  function told(one, at) {
    const where = `${one.name}: x ${at[0].toFixed(1)}, y ${at[1].toFixed(1)}, z ${at[2].toFixed(1)} mm`;
    if (state.shade === null || !(state.shade.key in one.fields)) return where;
    let best = 0;
    let least = Infinity;
    for (let i = 0; i < one.points.length; i += 3) {
      const away = (one.points[i] - at[0]) ** 2 + (one.points[i + 1] - at[1]) ** 2 + (one.points[i + 2] - at[2]) ** 2;
      if (away < least) [best, least] = [i / 3, away];
    }
    const value = values(one, state.shade.key, state.instant)[best];
    return `${where}; ${state.shade.title.toLowerCase()} ${value.toPrecision(3)} ${state.shade.unit}`;
  }

  camera.onModified(ruler);
  new ResizeObserver(() => {
    window3d.resize();
    ruler();
  }).observe(place);
  byId("view3d-wait").remove();
  if (scene.shades.some((shade) => shade.key === "micromotion")) paint("micromotion"); else paint(scene.shades[0].key);
  look("oblique");
  place.dataset.drawn = "yes";
})();
