// The player's own words. The page's language decides; everything else on the page comes from the server.

const zh = {
  language: "zh-CN",
  span: (m: number, s: number) =>
    m ? `${m} 分${s ? ` ${String(s).padStart(2, "0")} 秒` : "钟"}` : `${s} 秒`,
  shortOf: (left: string, hours: string) => `再看 ${left}，就够 ${hours} 学时`,
  shortOfUnknown: (left: string) => `再看 ${left}，就看够了`,
  waiting: (hours: string) => (hours ? `看够了，正在记入 ${hours} 学时` : "看够了，正在记入学时"),
  earned: (hours: string) => `够了，${hours} 学时已入账`,
  earnedUnknown: "够了，学时已入账",
  settledOther: "看完了",
  finished: "看完",
  rowShort: (spans: string[], count: number) =>
    `还差 ${spans.join("、")}${count > spans.length ? ` 等 ${count} 段` : ""}`,
  rowPercent: (percent: number) => `学到 ${percent}%`,
  soundOnly: "仅声音",
  toRecord: "看我的学时记录",
  watchedAndNeeded: (watched: string, needed: string) => `已看 ${watched}，需要 ${needed}`,
  gap: (from: string, to: string) => `还差 ${from}–${to}`,
  moreGaps: (count: number) => `还有 ${count} 段`,
  rulerLabel: (watched: string, duration: string, gaps: number) =>
    `观看记录：共 ${duration}，已看 ${watched}${gaps ? `，还差 ${gaps} 段` : "，全部看过"}`,
  gapDone: (from: string) => `这段看完了，接着看 ${from} 开始的一段。`,
  resumed: (at: string) => `从 ${at} 接着看`,
  fromStart: "从头看",
  stalled: "网络慢，正在重连…",
  fatal: "视频没能放出来。已看的时段都在，重新加载会从这一秒接着放。",
  undecodable: "这台设备的浏览器放不了这个视频。换 Chrome、Edge、Firefox 或 Safari 的新版本再试；已看的时段都在。",
  retry: "重新加载视频",
  offline: "断网了，已看的时段先存在这台设备上，联网后自动补记。",
  offlineMemory: "断网了，已看的时段先记在这个页面里，联网前别关掉它。",
  catchingUp: (left: string) => `正在补记断网时看的 ${left}，页面开着就行。`,
  elsewhere: "你在另一个页面正在看别的视频，同一时间只记一处。",
  continueHere: "在这里继续",
  tooFast: (left: string) => `有 ${left} 没有记上：记录不能快过实际时间。缺的一段在下面，补看就行。`,
  notTaken: (left: string) => `有 ${left} 没有记上。缺的一段在下面，补看就行。`,
  signedOut: "登录已失效，后面看的先存在这台设备上。重新登录后会补记。",
  signIn: "重新登录",
  settleFailed: "学时还没记上，网络恢复后会自动再试。已看的时段都在。",
  settleAgain: "现在记入学时",
};

const en: typeof zh = {
  language: "en",
  span: (m, s) => (m ? `${m} min${s ? ` ${s} s` : ""}` : `${s} s`),
  shortOf: (left, hours) => `Watch ${left} more to earn ${hours} hours`,
  shortOfUnknown: (left) => `Watch ${left} more to finish`,
  waiting: (hours) => (hours ? `Enough watched, recording ${hours} hours` : "Enough watched, recording"),
  earned: (hours) => `Done, ${hours} hours are on record`,
  earnedUnknown: "Done, the hours are on record",
  settledOther: "Finished",
  finished: "Finished",
  rowShort: (spans, count) =>
    `Missing ${spans.join(", ")}${count > spans.length ? ` and others, ${count} parts in all` : ""}`,
  rowPercent: (percent) => `${percent}% watched`,
  soundOnly: "Sound only",
  toRecord: "See my training hours",
  watchedAndNeeded: (watched, needed) => `${watched} watched, ${needed} needed`,
  gap: (from, to) => `Missing ${from}–${to}`,
  moreGaps: (count) => `${count} more`,
  rulerLabel: (watched, duration, gaps) =>
    `Watched ${watched} of ${duration}${gaps ? `, ${gaps} missing` : ", nothing missing"}`,
  gapDone: (from) => `That part is done; on to the one from ${from}.`,
  resumed: (at) => `Continuing from ${at}`,
  fromStart: "Start over",
  stalled: "The network is slow, reconnecting…",
  fatal: "The video could not be played. What you watched is safe; reloading continues at this second.",
  undecodable: "This browser cannot play this video. Try a current Chrome, Edge, Firefox or Safari; what you watched is safe.",
  retry: "Reload the video",
  offline: "No connection. What you watch is kept on this device and sent when it is back.",
  offlineMemory: "No connection. What you watch is kept in this page; leave it open until it is back.",
  catchingUp: (left) => `Sending ${left} watched while offline; just keep this page open.`,
  elsewhere: "You are watching another video on another page. Only one counts at a time.",
  continueHere: "Continue here",
  tooFast: (left) => `${left} were not recorded: the record cannot run ahead of the clock. Watch the missing part below.`,
  notTaken: (left) => `${left} were not recorded. Watch the missing part below.`,
  signedOut: "You are signed out. What you watch is kept on this device and sent after you sign in.",
  signIn: "Sign in again",
  settleFailed: "The hours are not recorded yet; this is tried again when the network is back.",
  settleAgain: "Record the hours now",
};

export type Words = typeof zh;

export function words(): Words {
  const language = typeof document === "undefined" ? "zh" : document.documentElement.lang;
  return language.toLowerCase().startsWith("en") ? en : zh;
}
