// One interactive element of a block, by its type.
//
// `at` says where it stands: `{surface, block, id?, label?, labelledBy?, describedBy?, required?, dispatches?}`.

import { el } from "../dom.js";
import { picture } from "../text/links.js";
import { button, feedbackButtons, iconElement, workflowButton } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { datePicker, dateTimePicker, timePicker } from "./dates.js";
import { fileInput } from "./file_input.js";
import { overflow } from "./overflow.js";
import { channelsSelect, conversationsSelect, externalSelect, staticSelect, usersSelect } from "./selects.js";
import { emailInput, numberInput, plainTextInput, richTextInput, urlInput } from "./text_inputs.js";

const DRAW = {
  button, checkboxes, overflow,
  channels_select: channelsSelect, multi_channels_select: channelsSelect,
  conversations_select: conversationsSelect, multi_conversations_select: conversationsSelect,
  external_select: externalSelect, multi_external_select: externalSelect,
  static_select: staticSelect, multi_static_select: staticSelect,
  users_select: usersSelect, multi_users_select: usersSelect,
  datepicker: datePicker, datetimepicker: dateTimePicker, timepicker: timePicker,
  email_text_input: emailInput, number_input: numberInput, plain_text_input: plainTextInput,
  rich_text_input: richTextInput, url_text_input: urlInput, file_input: fileInput,
  feedback_buttons: feedbackButtons, icon_button: iconElement, radio_buttons: radioButtons,
  workflow_button: workflowButton,
  image: (part) => picture(part.image_url, part.alt_text, { class: "accessory-image" }),
};

export function element(part, at) {
  if (part?.visible_to_user_ids && !part.visible_to_user_ids.includes(at.surface.viewer)) return null;
  const draw = DRAW[part?.type];
  if (!draw) return el(
    "span",
    { class: "rejected", role: "alert" },
    `Slack would reject this: unknown element type “${part?.type ?? "none"}”`,
  );
  const node = draw(part, at);
  const control = node.querySelector?.("[data-control]") ?? node;
  if (part.focus_on_load) control.dataset.focusOnLoad = "yes";
  if (part.action_id && !control.dataset.actionId) control.dataset.actionId = part.action_id;
  return node;
}
