// Choices kept on this device between visits. A browser that keeps nothing only forgets them.

export function remembered(name: string): string {
  try {
    return localStorage.getItem(`qp-${name}`) ?? "";
  } catch {
    return "";
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`qp-${name}`, value);
  } catch {
    // Full or forbidden: the choice holds for this page.
  }
}
