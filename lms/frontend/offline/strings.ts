// What is said about packs. The page's language decides, as in the player.
const zh = {
  language: "zh-CN",
  form: (name: string) => ({ slow: "省流量", audio: "只听声音" })[name] ?? name,
  about: (name: string) => ({ slow: "幻灯片清楚，画面一秒一换", audio: "没有画面，最省" })[name] ?? "画面连贯",
  megabytes: (text: string) => `${text} MB`,
  percent: (value: number, done: string, all: string) => `已下载 ${value}%（${done}，共 ${all}）`,
  stored: (size: string, until: string) => `已下载到这台设备，占 ${size}，${until}到期`,
  half: "只下载了一部分，接着下载时已有的不用再下。",
  resume: "接着下载",
  begin: "开始下载",
  begun: "开始下载",
  cancelled: "已停下。下载好的部分留着，随时可以接着下。",
  broken: "网络断了，下载停下了。下载好的部分留着，联网后点「接着下载」。",
  noRoom: "这台设备的空间不够。删掉别的离线课程或文件，再接着下载。",
  noWorker: "这个浏览器不能离线打开页面。换 Chrome、Edge、Firefox 或 Safari 的新版本再试，不要用隐私模式。",
  signedOut: "登录已失效，请重新登录后再下载。",
  deleted: "已从这台设备删除。",
  confirmDelete: "再点一次删除",
  releasing: "放弃那一份",
  waiting: (seen: string) => `已看 ${seen}，联网后上报`,
  nothingYet: "看过的时段先存在这台设备上，联网后自动上报。",
  reporting: "联网了，正在上报…",
  reportSignedOut: "要上报看过的时段，请先登录。",
  packGone: "这份离线课程已经不能上报，请在线补看。",
  until: (until: string) => `${until}到期`,
  used: (size: string) => `这台设备上的离线课程共占 ${size}`,
  play: "播放",
  partial: "还没下载完",
  gone: "这台设备上没有这份离线课程。它可能到期了，或者已经删除。",
  sizeAndForm: (form: string, size: string) => `${form} · ${size}`,
  seenOf: (seen: string, all: string) => `观看记录：共 ${all}，已看 ${seen}`,
  day: (date: Date) => `${date.getMonth() + 1} 月 ${date.getDate()} 日`,
};

const months = "January February March April May June July August September October November December".split(" ");
const en: typeof zh = {
  language: "en",
  form: (name) => ({ slow: "Data saver", audio: "Sound only" })[name] ?? name,
  about: (name) => ({ slow: "Sharp slides, one picture a second", audio: "No picture, the smallest" })[name] ?? "Moving picture",
  megabytes: (text) => `${text} MB`,
  percent: (value, done, all) => `${value}% downloaded (${done} of ${all})`,
  stored: (size, until) => `On this device, ${size}, expires on ${until}`,
  half: "Only part of it is here. Going on does not fetch that part again.",
  resume: "Go on downloading",
  begin: "Download now",
  begun: "Download now",
  cancelled: "Stopped. What has come stays here; you can go on at any time.",
  broken: "The connection was lost and the download stopped. What has come stays here; choose “Go on downloading” when you are online.",
  noRoom: "There is not enough room on this device. Delete other packs or files, then go on.",
  noWorker: "This browser cannot open pages offline. Try a current Chrome, Edge, Firefox or Safari, not in private mode.",
  signedOut: "You are signed out. Sign in again, then download.",
  deleted: "Deleted from this device.",
  confirmDelete: "Press again to delete",
  releasing: "Give up that copy",
  waiting: (seen) => `${seen} watched, reported when you are online`,
  nothingYet: "What you watch is kept on this device and reported by itself when you are online.",
  reporting: "Online again, reporting…",
  reportSignedOut: "Sign in to report what you watched.",
  packGone: "This pack can no longer be reported. Please watch online.",
  until: (until) => `Expires on ${until}`,
  used: (size) => `Offline lessons take ${size} on this device`,
  play: "Play",
  partial: "Not complete yet",
  gone: "This pack is not on this device. It may have expired or been deleted.",
  sizeAndForm: (form, size) => `${form} · ${size}`,
  seenOf: (seen, all) => `Watched ${seen} of ${all}`,
  day: (date) => `${date.getDate()} ${months[date.getMonth()]}`,
};

export function words(): typeof zh {
  const language = typeof document === "undefined" ? "zh" : document.documentElement.lang;
  return language.toLowerCase().startsWith("en") ? en : zh;
}

/** 23456789 → "23 MB"; small ones with a decimal. */
export function size(bytes: number): string {
  const megabytes = bytes / 1_000_000;
  return words().megabytes(megabytes >= 10 ? String(Math.round(megabytes)) : Math.max(0.1, megabytes).toFixed(1));
}

export const day = (moment: string): string => words().day(new Date(moment));
