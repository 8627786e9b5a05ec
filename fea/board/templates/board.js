"use strict";
// Sort by a column's button, filter by words, verdict and freshness.
(() => {
  const body = document.querySelector("#board tbody");
  const rows = [...body.rows];
  const byId = (id) => document.getElementById(id);
  const words = new Map(rows.map((row) => [row, row.cells[1].textContent.toLowerCase()]));

  function filter() {
    const sought = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = sought.every((word) => words.get(row).includes(word))
        && (byId("verdict").value === "" || row.dataset.verdict === byId("verdict").value)
        && !(byId("fresh").checked && row.dataset.stale === "1");
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    byId("shown").textContent = `${shown} of ${rows.length} shown`;
  }
  for (const id of ["find", "verdict", "fresh"]) byId(id).addEventListener("input", filter);

  for (const button of document.querySelectorAll("#board th button")) {
    button.addEventListener("click", () => {
      const head = button.parentElement;
      const column = head.cellIndex;
      const rising = head.getAttribute("aria-sort") !== "ascending";
      for (const other of head.parentElement.cells) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      const key = (row) => row.cells[column].dataset.sort;
      const numeric = button.dataset.kind === "number";
      // What has no value stands last, whichever the direction.
      rows.sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
        const order = numeric ? Number(x) - Number(y) : x.localeCompare(y);
        return rising ? order : -order;
      });
      body.append(...rows);
    });
  }
  filter();
})();
