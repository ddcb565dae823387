// The packs on this device.
import { discard } from "./discard";
import { type Pack, note, packsHere, playUrl } from "./packs";
import { wireReport } from "./report";
import type { Outcome } from "./returning";
import { drawSeen, sayWaiting } from "./seen";
import { day, size, words } from "./strings";
import { sure } from "./sure";
import { read } from "./watched";

export async function wireShelf(root: HTMLElement): Promise<void> {
  const part = <E extends Element>(name: string) => root.querySelector<E>(`[data-shelf-${name}]`)!;
  const template = part<HTMLTemplateElement>("pack");
  const show = async () => {
    const packs = await packsHere();
    part<HTMLElement>("empty").hidden = packs.length > 0;
    part<HTMLElement>("full").hidden = packs.length === 0;
    part<HTMLElement>("used").textContent = words().used(size(packs.reduce((sum, { bytes }) => sum + bytes, 0)));
    const rows = await Promise.all(packs.map((pack) => rowOf(pack, template, remove)));
    part<HTMLElement>("list").replaceChildren(...rows);
  };
  const report = wireReport(part<HTMLElement>("said"), (outcomes) => void remember(outcomes).then(show));
  const remove = async (pack: Pack) => {
    await discard(pack);
    await show();
    part<HTMLElement>("title").focus();
    await report();
  };
  await show();
  await report();
}

/** What is on record now is on the device too, for the bar without a network. */
export async function remember(outcomes: Outcome[]): Promise<void> {
  for (const pack of await packsHere()) {
    const watched = outcomes.find(({ unit }) => unit === pack.unit)?.watched;
    if (watched) await note({ ...pack, watched });
  }
}

async function rowOf(pack: Pack, template: HTMLTemplateElement, onRemove: (pack: Pack) => Promise<void>): Promise<Element> {
  const row = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
  const part = <E extends Element>(name: string) => row.querySelector<E>(`[data-${name}]`)!;
  const kept = await read(pack);
  part("name").textContent = pack.title;
  part("course").textContent = pack.course;
  part("facts").textContent = [words().sizeAndForm(words().form(pack.form), size(pack.bytes)), words().until(day(pack.expires_at))].join(" · ");
  part("waiting").textContent = sayWaiting(kept);
  drawSeen(part<SVGSVGElement>("seen"), pack, kept);
  const play = part<HTMLAnchorElement>("play");
  play.href = pack.is_whole ? playUrl(pack.unit) : pack.unit_url;
  part("play-label").textContent = pack.is_whole ? words().play : words().resume;
  part("play-what").textContent = pack.title;
  part("remove-what").textContent = pack.title;
  sure(part<HTMLButtonElement>("remove"), () => void onRemove(pack));
  return row;
}
