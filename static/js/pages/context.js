/** The context that a page of the server gives to its lab. */
import { root } from "../net/base-url.js";
import { createServer } from "../net/server.js";

/**
 * @param {any} config
 * @param {import("../text/format.js").Translate} t
 * @returns {import("../lab/views.js").Context}
 */
export const contextOf = (config, t) => ({
  t,
  engine: createServer(config, { href: location.href, lang: document.documentElement.lang }),
  most: config.step.most,
  files: { url: config.exports, base: root(), link: () => location.href },
});
