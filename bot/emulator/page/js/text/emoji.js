// The emoji that people name most, by their Slack names.

import { el } from "../dom.js";

const NAMED = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 joy 😂 rofl 🤣 wink 😉 blush 😊 innocent 😇
slightly_smiling_face 🙂 upside_down_face 🙃 heart_eyes 😍 kissing_heart 😘 yum 😋 sunglasses 😎 nerd_face 🤓 thinking_face 🤔
neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔
sleepy 😪 sleeping 😴 mask 😷 dizzy_face 😵 confused 😕 worried 😟 open_mouth 😮 astonished 😲 flushed 😳 fearful 😨
cold_sweat 😰 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 triumph 😤 rage 😡 angry 😠
partying_face 🥳 hugging_face 🤗 shushing_face 🤫 exploding_head 🤯 robot_face 🤖 ghost 👻 skull 💀 clown_face 🤡 poop 💩 see_no_evil 🙈
wave 👋 raised_hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞 point_left 👈 point_right 👉 point_up_2 👆 point_down 👇 +1 👍 thumbsup 👍
-1 👎 thumbsdown 👎 fist ✊ facepunch 👊 clap 👏 raised_hands 🙌 open_hands 👐 handshake 🤝 pray 🙏 muscle 💪 eyes 👀 brain 🧠
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 broken_heart 💔 sparkles ✨ star ⭐ star2 🌟
fire 🔥 boom 💥 zap ⚡ tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 100 💯 rocket 🚀 airplane ✈️ car 🚗 bike 🚲
sunny ☀️ cloud ☁️ rain_cloud 🌧️ snowflake ❄️ rainbow 🌈 ocean 🌊 earth_americas 🌎 globe_with_meridians 🌐 seedling 🌱 evergreen_tree 🌲
coffee ☕ tea 🍵 beer 🍺 pizza 🍕 cake 🍰 apple 🍎 dog 🐶 cat 🐱 bug 🐛 bee 🐝 octopus 🐙 turtle 🐢 unicorn_face 🦄 penguin 🐧
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_multiplication_x ✖️
no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 warning ⚠️ rotating_light 🚨 exclamation ❗ question ❓ grey_question ❔ grey_exclamation ❕
bangbang ‼️ information_source ℹ️ red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵
white_circle ⚪ black_circle ⚫ large_blue_square 🟦 large_green_square 🟩 white_large_square ⬜ small_blue_diamond 🔹 small_orange_diamond 🔸
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️ arrows_counterclockwise 🔄 repeat 🔁
fast_forward ⏩ rewind ⏪ double_vertical_bar ⏸️ pause_button ⏸️ black_square_for_stop ⏹️ stop_button ⏹️ arrow_forward ▶️ heavy_plus_sign ➕ heavy_minus_sign ➖
hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ timer_clock ⏲️ alarm_clock ⏰ clock1 🕐 calendar 📅 date 📅 spiral_calendar_pad 🗓️
file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ page_facing_up 📄 page_with_curl 📃 bookmark_tabs 📑 memo 📝 pencil 📝 pencil2 ✏️
clipboard 📋 paperclip 📎 pushpin 📌 round_pushpin 📍 bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 book 📖 books 📚
notebook 📓 ledger 📒 newspaper 📰 label 🏷️ straight_ruler 📏 triangular_ruler 📐 ticket 🎫 link 🔗 scissors ✂️ wastebasket 🗑️ package 📦 inbox_tray 📥 outbox_tray 📤 email 📧 envelope ✉️
mailbox 📫 phone ☎️ iphone 📱 computer 💻 desktop_computer 🖥️ keyboard ⌨️ printer 🖨️ floppy_disk 💾 camera 📷 movie_camera 🎥 tv 📺
mag 🔍 mag_right 🔎 bulb 💡 wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ nut_and_bolt 🔩 shield 🛡️ lock 🔒 unlock 🔓 key 🔑 bell 🔔
no_bell 🔕 loudspeaker 📢 mega 📣 speech_balloon 💬 thought_balloon 💭 moneybag 💰 dollar 💵 euro 💶 credit_card 💳 receipt 🧾 construction 🚧
test_tube 🧪 microscope 🔬 dart 🎯 game_die 🎲 jigsaw 🧩 art 🎨 musical_note 🎵 house 🏠 office 🏢 factory 🏭 school 🏫 briefcase 💼
bust_in_silhouette 👤 busts_in_silhouette 👥 technologist 🧑‍💻 man-shrugging 🤷‍♂️ woman-shrugging 🤷‍♀️ shrug 🤷 facepalm 🤦 tophat 🎩 crown 👑
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ new 🆕 ok 🆗 sos 🆘 recycle ♻️ checkered_flag 🏁
`;

const WORDS = NAMED.trim().split(/\s+/);
const EMOJI = new Map();
for (let at = 0; at < WORDS.length; at += 2) EMOJI.set(WORDS[at], WORDS[at + 1]);

/** The picture for a name, or null when the name is not in the table. */
export function emojiFor(name) {
  return EMOJI.get(name.replace(/::skin-tone-\d$/, "")) ?? null;
}

/** The element for a name; a name we do not know stays as it was written. */
export function emoji(name) {
  const picture = emojiFor(name);
  if (!picture) return document.createTextNode(`:${name}:`);
  return el(
    "span",
    { class: "emoji", role: "img", "aria-label": `${name.replaceAll("_", " ")} emoji`, title: `:${name}:` },
    picture,
  );
}

/** Names that begin with `start`, for completion. */
export function emojiNames(start, limit = 8) {
  return [...EMOJI.keys()].filter((name) => name.startsWith(start)).slice(0, limit);
}

/** Text in which `:names:` became pictures. */
export function withEmoji(text) {
  return text.split(/(:[a-z0-9_+'-]+:)/i).map((part) => {
    const name = /^:([a-z0-9_+'-]+):$/i.exec(part)?.[1];
    return name && emojiFor(name) ? emoji(name) : part;
  });
}
