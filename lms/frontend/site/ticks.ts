// One tick for all ticks of a list, and how many there are.
export function wireTicks() {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-ticks]")) {
    const all = form.querySelector<HTMLInputElement>("[data-tick-all]");
    const ticks = () => [...form.querySelectorAll<HTMLInputElement>("input[type=checkbox][name]")];
    const show = () => {
      const count = ticks().filter((tick) => tick.checked).length;
      for (const place of form.querySelectorAll("[data-tick-count]")) place.textContent = count ? String(count) : "";
      if (all) {
        all.checked = count > 0 && count === ticks().length;
        all.indeterminate = count > 0 && count < ticks().length;
      }
    };
    all?.addEventListener("change", () => {
      for (const tick of ticks()) tick.checked = all.checked;
      show();
    });
    form.addEventListener("change", show);
    show();
  }
}
