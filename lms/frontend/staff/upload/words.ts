// What the upload page says by itself. The page's language decides.
const zh = {
  megabytes: (n: string) => `${n} MB`,
  gigabytes: (n: string) => `${n} GB`,
  of: (sent: string, all: string, percent: number) => `${sent} / ${all} · ${percent}%`,
  speed: (rate: string) => `每秒 ${rate}`,
  left: (seconds: number) =>
    seconds >= 5400 ? `还要 ${Math.round(seconds / 3600)} 小时` : seconds >= 90 ? `还要 ${Math.round(seconds / 60)} 分钟` : "不到 2 分钟",
  ready: "按「开始上传」就传。",
  waiting: "排队，前面的传完就传。",
  sending: "正在传。",
  goesOn: "认出来了，从断开的地方接着传。",
  paused: "停在这里。传到的都在，随时接着传。",
  offline: "连不上，过一会儿自动接着传。传到的都在。",
  comparing: "快传完了，正在核对整个文件。",
  checking: "传完了，正在检查。可以离开这一页。",
  kept: "收好了，正在排队转码。",
  signedOut: "登录已失效。请刷新页面重新登录，再选同一个文件接着传。",
  unreadable: "这个文件读不出来了，可能改了名、挪了地方或者拔了盘。找到它再选一次，就接着传。",
  failed: "没有传成。请刷新页面，再选同一个文件接着传。",
  otherFile: (name: string, size: string) => `这不是刚才那个文件。请选「${name}」（${size}）。`,
  pause: "暂停",
  resume: "接着传",
  dropAsk: (title: string) => `「${title}」已经传到的会清掉。不要了吗？`,
};

const en: typeof zh = {
  megabytes: (n) => `${n} MB`,
  gigabytes: (n) => `${n} GB`,
  of: (sent, all, percent) => `${sent} of ${all} · ${percent}%`,
  speed: (rate) => `${rate} a second`,
  left: (seconds) =>
    seconds >= 5400 ? `${Math.round(seconds / 3600)} hours left` : seconds >= 90 ? `${Math.round(seconds / 60)} minutes left` : "less than 2 minutes left",
  ready: "Press “Start uploading”.",
  waiting: "Waits for the files before it.",
  sending: "Uploading.",
  goesOn: "This file is known; going on where it stopped.",
  paused: "Stopped here. What arrived is kept; continue whenever you like.",
  offline: "No connection. This continues by itself; what arrived is kept.",
  comparing: "Nearly done, comparing the whole file.",
  checking: "All there, being checked. You may leave this page.",
  kept: "Kept, waiting to be transcoded.",
  signedOut: "You are signed out. Reload the page, sign in and choose the same file to continue.",
  unreadable: "This file cannot be read any more; it may have been renamed, moved or unplugged. Choose it again to continue.",
  failed: "The upload did not work. Reload the page and choose the same file to continue.",
  otherFile: (name, size) => `That is not the same file. Choose “${name}” (${size}).`,
  pause: "Pause",
  resume: "Continue",
  dropAsk: (title) => `What arrived of “${title}” will be removed. Discard it?`,
};

export const words = document.documentElement.lang.toLowerCase().startsWith("en") ? en : zh;

/** 5_400_000_000 → "5.0 GB". */
export function size(bytes: number): string {
  const megabytes = bytes / 1024 ** 2;
  if (megabytes >= 1000) return words.gigabytes((megabytes / 1024).toFixed(1));
  return words.megabytes(megabytes >= 100 ? megabytes.toFixed(0) : megabytes.toFixed(1));
}
