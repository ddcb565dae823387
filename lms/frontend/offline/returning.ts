// Brings back what was watched. One page at a time; the same body until an answer came, so that nothing counts twice.
import { SCOPE } from "./packs";
import { words } from "./strings";
import { type Watched, everything, nextReturn, settled, update } from "./watched";

export interface Account {
  account: string;
  csrf: string;
  packs: { key: string; client_key: string; video_key: string }[];
}

export interface Outcome {
  unit: string;
  isTaken: boolean;
  message: string;
  watched?: [number, number][];
}

/** Refused for good: trying again would be refused again. */
const FINAL = new Set(["pack_closed", "pack_expired", "range_invalid", "rate_not_allowed", "malformed", "return_key_used"]);
const TIMEOUT_MS = 15_000;

export class SignedOut extends Error {}

/** Throws SignedOut; throws whatever fetch throws without a network. */
export async function whoAmI(): Promise<Account> {
  const answer = await fetch(`${SCOPE}packs.json`, {
    headers: { Accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.status === 401 || answer.status === 403 || answer.redirected) throw new SignedOut();
  if (!answer.ok) throw new Error(`packs answered ${answer.status}`);
  return (await answer.json()) as Account;
}

export function post(url: string, body: unknown, csrf: string): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

export const giveUp = (key: string, csrf: string): Promise<Response> => post(`${SCOPE}${key}/give-up/`, {}, csrf);

const alone = <T>(act: () => Promise<T>): Promise<T> =>
  navigator.locks ? (navigator.locks.request("qiangji-offline", act) as Promise<T>) : act();

/** What the server said of each pack that had something to bring; other accounts' packs wait. */
export function returnAll(): Promise<Outcome[]> {
  return alone(async () => {
    const kept = await everything();
    if (!kept.some((one) => one.sending || one.is_leaving || nextReturn(one, ""))) return [];
    const me = await whoAmI();
    const outcomes: Outcome[] = [];
    for (const one of kept.filter(({ account }) => account === me.account)) {
      const outcome = await bring(one, me.csrf);
      if (outcome) outcomes.push(outcome);
    }
    return outcomes;
  });
}

async function bring(kept: Watched, csrf: string): Promise<Outcome | null> {
  const sending = kept.sending ?? nextReturn(kept, crypto.randomUUID());
  const outcome = sending ? await send({ ...kept, sending }, csrf) : null;
  if (kept.is_leaving && outcome?.isTaken !== false) {
    await giveUp(kept.key, csrf);
    await update(kept, () => null);
  }
  return outcome;
}

async function send(kept: Watched, csrf: string): Promise<Outcome> {
  const { sending } = kept;
  await update(kept, (now) => ({ ...(now ?? kept), sending }));
  const answer = await post(`${SCOPE}${kept.key}/return/`, sending, csrf);
  const body = (await answer.json().catch(() => null)) as { code?: string; message?: string; watched?: [number, number][] } | null;
  if (answer.ok && body && !answer.redirected) {
    await update(kept, (now) => settled(now ?? kept));
    return { unit: kept.unit, isTaken: true, message: body.message ?? "", watched: body.watched };
  }
  const isFinal = answer.status === 404 || FINAL.has(body?.code ?? "");
  if (!isFinal && !body?.code) throw new Error(`return answered ${answer.status}`);
  // Otherwise more time may pass until it fits: it goes with the next return, under a key of its own.
  await update(kept, (now) => (isFinal ? settled(now ?? kept) : { ...(now ?? kept), sending: null }));
  return { unit: kept.unit, isTaken: false, message: body?.message ?? words().packGone };
}
