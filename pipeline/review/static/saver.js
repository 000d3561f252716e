// The one saver of the page, and the token that another machine needs.

import { $ } from "./page.js";
import { Saver } from "./saving.js";
import { who } from "./state.js";

const NAME = "chipwire-token";

function enter() {
  $("token").value = "";
  $("entry").returnValue = "";
  $("entry").showModal();
  return new Promise((resolve) => {
    $("entry").onclose = () => {
      const given = $("entry").returnValue === "yes" ? $("token").value.trim() : "";
      if (given) localStorage.setItem(NAME, given);
      resolve(Boolean(given));
    };
  });
}

export const saver = new Saver({ reviewer: who, token: () => localStorage.getItem(NAME) || "", enter, settled() {}, working() {} });
