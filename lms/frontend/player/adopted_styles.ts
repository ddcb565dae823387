// media-chrome writes <style> elements into its shadow roots, which a policy without 'unsafe-inline' refuses.
// Constructed sheets are allowed, so its styles are lifted out of the markup and adopted instead; the few
// rules it later edits through `style.sheet` are found in the adopted sheet.

const STYLE = /<style>([\s\S]*?)<\/style>/g;
// Menus keep a second sheet switched off by its media attribute, for a layout this player does not use.
const SPARE_STYLE = /<style( id="[^"]*" media="[^"]*")>[\s\S]*?<\/style>/g;
// Declared roots of inner elements, innermost first; those elements attach their own when they come to life.
const DECLARED_ROOT = /<template shadowrootmode="[^"]*">(?:(?!<template)[\s\S])*?<\/template>/;

function adopt(root: ShadowRoot, markup: string): string {
  const css: string[] = [];
  let own = markup.replace(SPARE_STYLE, "<template$1></template>");
  while (DECLARED_ROOT.test(own)) own = own.replace(DECLARED_ROOT, "");
  const rest = own.replace(STYLE, (_all, text: string) => {
    css.push(text);
    return "";
  });
  if (css.length) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css.join("\n"));
    root.adoptedStyleSheets = [sheet];
  }
  return rest;
}

function arrange(root: ShadowRoot): void {
  const write = (markup: string) => {
    const setter = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, "innerHTML")?.set;
    setter?.call(root, adopt(root, markup));
  };
  const query = root.querySelectorAll.bind(root) as (selector: string) => unknown;
  Object.defineProperties(root, {
    innerHTML: { set: write, get: () => "", configurable: true },
    setHTMLUnsafe: { value: write },
    querySelectorAll: {
      value: (selector: string) =>
        selector.startsWith("style") ? root.adoptedStyleSheets.map((sheet) => ({ sheet })) : query(selector),
    },
  });
}

const attach = HTMLElement.prototype.attachShadow;
HTMLElement.prototype.attachShadow = function (this: HTMLElement, init: ShadowRootInit): ShadowRoot {
  const root = attach.call(this, init);
  if (this.localName.startsWith("media-")) arrange(root);
  return root;
};
