// The emoji names that a bot is likely to use; an unknown one stays :name:.
const NAMES = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️",
  warning: "⚠️", x: "❌", no_entry: "⛔", question: "❓", exclamation: "❗", bulb: "💡", memo: "📝", ticket: "🎫",
  books: "📚", book: "📖", bookmark_tabs: "📑", page_facing_up: "📄", clipboard: "📋", mag: "🔍", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", alarm_clock: "⏰", bell: "🔔", rotating_light: "🚨", fire: "🔥", tada: "🎉", smile: "😄",
  slightly_smiling_face: "🙂", pray: "🙏", heart: "❤️", star: "⭐", rocket: "🚀", point_right: "👉", arrow_up: "⬆️",
  arrow_right: "➡️", repeat: "🔁", lock: "🔒", pushpin: "📌", link: "🔗", inbox_tray: "📥", outbox_tray: "📤",
  robot_face: "🤖", wave: "👋", ok_hand: "👌", raised_hand: "✋", speech_balloon: "💬", bar_chart: "📊", gear: "⚙️",
  red_circle: "🔴", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵", white_circle: "⚪",
};

export function emoji(name, unicode) {
  if (unicode) return String.fromCodePoint(...unicode.split("-").map((code) => parseInt(code, 16)));
  return NAMES[name] || `:${name}:`;
}
