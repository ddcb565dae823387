const html = document.documentElement;
const ON: Record<string, string> = { theme: "qiangji-dark", text: "large" };
const OFF: Record<string, string> = { theme: "qiangji", text: "normal" };

const isOn = (name: string) => html.dataset[name] === ON[name];

function showState() {
  for (const button of document.querySelectorAll<HTMLElement>("[data-pref]"))
    button.setAttribute("aria-pressed", String(isOn(button.dataset.pref!)));
}

function toggle(name: string) {
  const value = (isOn(name) ? OFF : ON)[name]!;
  html.dataset[name] = value;
  try {
    localStorage.setItem(name, value);
  } catch {
    // Without storage the choice lasts for this page.
  }
  showState();
}

export function wirePreferences() {
  showState();
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-pref]");
    if (button) toggle(button.dataset.pref!);
  });
}
