// media-chrome writes <style> elements into its shadow roots, which a policy without 'unsafe-inline' refuses.
// Constructed sheets are allowed, so its styles are lifted out of the markup and adopted instead; the few
// rules it later edits through `style.sheet` are found in the adopted sheet.

const STYLE = /<style>([\s\S]*?)<\/style>/g;

function adopt(root: ShadowRoot, markup: string): string {
  const css: string[] = [];
  const rest = markup.replace(STYLE, (_all, text: string) => {
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
