/** What the reader has at hand. */

/** Whether there is likely a mouse, and with it a keyboard whose keys a hint may name. */
export const atDesk = () => matchMedia("(hover: hover) and (pointer: fine)").matches;
