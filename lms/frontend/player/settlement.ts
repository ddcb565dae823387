// Asks the server to turn coverage into hours. Only the server decides; this shows what it said.
import { type ConfigSource, csrfToken } from "./config";

export interface Settlement {
  state: "earned" | "short" | "capped" | "cap_reached" | "already";
  hours: string;
  message: string;
  record_url: string;
}

export class Settler {
  private asking: Promise<Settlement | null> | null = null;

  constructor(
    private readonly configs: ConfigSource,
    public isSettled: boolean,
  ) {}

  /** Null when there is nothing to ask; throws when the server cannot be reached. */
  settle(): Promise<Settlement | null> {
    if (this.isSettled || !this.configs.current.settle_url) return Promise.resolve(null);
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async ask(): Promise<Settlement> {
    const answer = await fetch(this.configs.current.settle_url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      signal: AbortSignal.timeout(15_000),
    });
    if (!answer.ok) throw new Error(`settle answered ${answer.status}`);
    const settlement = (await answer.json()) as Settlement;
    this.isSettled = settlement.state !== "short";
    return settlement;
  }
}
