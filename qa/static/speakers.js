// Runs behind find.js: one speaker's words alone, under whichever labels; the server says which are one person's.
const chosen = element.querySelector('.speakers');
const EVERYBODY = '-1';
let voices = []; // { name, turns: a set of their turns }

function voicesOf() {
  const speaker = new Map(); // of each turn; its first paragraph alone names them
  for (const { turn, person, role } of paragraphs) if (!speaker.has(turn) && role !== 'heading') speaker.set(turn, person);
  const turns = new Map();
  for (const [turn, person] of speaker) turns.set(person, (turns.get(person) || new Set()).add(turn));
  return [...turns].map(([name, own]) => ({ name, turns: own }));
}

function filter() {
  const only = voices[chosen.value];
  for (const one of paragraphs) one.node.hidden = Boolean(only) && !only.turns.has(one.turn);
  chosen.classList.toggle('on', Boolean(only));
  estimate();
  refind();
}

drawn.push(() => {
  voices = voicesOf();
  const each = voices.map(({ name, turns }, place) => make('option', null, words.voice(name || words.unnamed, turns.size), { value: place }));
  chosen.replaceChildren(make('option', null, words.everybody, { value: EVERYBODY }), ...each);
  chosen.value = EVERYBODY;
  chosen.hidden = voices.length < 2;
  chosen.classList.remove('on');
});
moved.push((held) => {
  if (!held.some(({ node }) => node.hidden)) return;
  chosen.value = EVERYBODY;
  filter();
});
chosen.addEventListener('change', () => {
  const before = topmost()?.start ?? 0;
  filter();
  const from = paragraphs.find((one) => !one.node.hidden && one.start >= before) || paragraphs.find(({ node }) => !node.hidden);
  if (from) bring(from.node, from.node);
});
