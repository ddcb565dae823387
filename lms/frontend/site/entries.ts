// A link to #entry-48 opens that entry.
function openTarget() {
  const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView({ block: "start" });
  }
}

export function wireEntries() {
  openTarget();
  addEventListener("hashchange", openTarget);
}
