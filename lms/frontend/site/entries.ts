// A link to #entry-48 opens that entry, and paper has no disclosure triangles.
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
