// Forms work without this. It saves a click on filters and stops a second click on slow buttons.
export function wireForms() {
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLInputElement | HTMLSelectElement;
    if (field.matches("[type=checkbox][name], select") && field.form?.hasAttribute("data-auto")) field.form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button instanceof HTMLElement && button.hasAttribute("data-busy")) button.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
  });
  for (const button of document.querySelectorAll<HTMLElement>("[data-print]"))
    button.addEventListener("click", () => print());
}
