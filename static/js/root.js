/** The root of the lab, wherever a proxy has put it: `https://school.example/course/rnn/`. */
export const root = () =>
  new URL(document.documentElement.dataset.root ?? "./", location.href).href;
