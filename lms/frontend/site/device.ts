import { forgetOthers } from "../offline/device";

const SIGN_OUT = "form[method=post][action*='logout']";

/** Packs are their account's: another one here, or signing out, deletes their files from this device. */
export function wireDevice() {
  const { account } = document.body.dataset;
  if (account) void forgetOthers(account).catch(() => {});
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches(SIGN_OUT) || form.dataset.forgotten) return;
    event.preventDefault();
    form.dataset.forgotten = "1";
    void forgetOthers("").finally(() => form.requestSubmit());
  });
}
