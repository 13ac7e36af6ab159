/** Where the lab is: a proxy may have put it anywhere. */

/** The address of its root: `https://school.example/course/rnn/`. */
export const root = () =>
  new URL(document.documentElement.dataset.root ?? "./", location.href).href;

/** The path of this page in the lab: `/lessons/gates`. */
export const pathInLab = () => location.pathname.slice(new URL(root()).pathname.length - 1);
