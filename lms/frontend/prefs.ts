// Runs in <head> before the first paint, so dark and large text never flash and nothing jumps.
const html = document.documentElement;
html.dataset.js = "";
try {
  html.dataset.theme = localStorage.getItem("theme") || "qiangji";
  html.dataset.text = localStorage.getItem("text") || "normal";
} catch {
  // Storage is closed to us in some locked-down browsers; the defaults of the page stand.
}
