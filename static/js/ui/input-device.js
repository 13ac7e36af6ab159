/** Input devices: mouse or touch, and input-method composition. */

const DESK = "(hover: hover) and (pointer: fine)";

/** Whether there is likely a mouse, and with it a keyboard whose keys a hint may name; a test has one. */
export const atDesk = () => globalThis.matchMedia?.(DESK).matches ?? true;

/**
 * Whether a key belongs to an input method. Safari tells of the key that ends a composition after the
 * end itself, and only its old code still says whose it was.
 * @param {{isComposing: boolean, keyCode: number}} key
 */
export const composes = ({ isComposing, keyCode }) => isComposing || keyCode === 229;
