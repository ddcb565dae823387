import { words } from "./strings";

const CONFIRM_MS = 4000;

/** Deleting asks once more, in place. */
export function sure(button: HTMLElement, act: () => void): void {
  const label = button.querySelector<HTMLElement>("[data-label]")!;
  const before = label.textContent;
  button.addEventListener("click", () => {
    if (button.dataset.sure) return act();
    button.dataset.sure = "1";
    label.textContent = words().confirmDelete;
    setTimeout(() => {
      delete button.dataset.sure;
      label.textContent = before;
    }, CONFIRM_MS);
  });
}
