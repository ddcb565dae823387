// The link on an activation sheet carries number and code behind #, where no server sees them.
export function wireActivation() {
  const form = document.querySelector<HTMLFormElement>("form[data-activation]");
  const [number, code] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (!form || !number || !code) return;
  (form.elements.namedItem("staff_number") as HTMLInputElement).value = number;
  (form.elements.namedItem("code") as HTMLInputElement).value = code;
  history.replaceState(null, "", location.pathname);
  form.querySelector<HTMLInputElement>("[name=password1]")?.focus();
}
