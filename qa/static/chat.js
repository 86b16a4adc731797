// Runs as js_on_load of the chat, behind its other parts: element, trigger, props and watch are in scope. The
// conversation lives here, in the browser; the server sends one entry at a time, first pending, then with its answer.
const REMEMBERED = 50; // questions; the server exports no more of them
const log = element.querySelector('.log');
const live = element.querySelector('.live');
const notice = element.querySelector('.notice');
const entries = new Map();
const forgotten = new Set(); // ids of questions whose answers may come yet
const drawn = new Map(); // what stands in the log for each entry
const foot = sharing();
let examples = [];
let failure = '';
let begun = false;

const ask = (question) => trigger('example', { question });
const last = () => [...entries.values()].at(-1);
const waiting = () => [...entries.values()].filter((entry) => entry.pending && !entry.stopped);

// For the ear; and for the eye where nothing else shows it.
function tell(line, shown) {
  live.textContent = line;
  notice.textContent = shown ? line : '';
}

function welcome() {
  const box = make('div', 'welcome');
  box.append(make('h2', null, say.welcome), make('p', null, failure || say.how));
  const grid = make('div', 'examples', null, { role: 'group', 'aria-label': say.examples });
  for (const question of examples) grid.append(button('example', question, () => ask(question), { dir: 'auto' }));
  box.append(grid);
  return box;
}

// Only what changed is drawn: of a long conversation the rest stays as it is.
function show(entry) {
  const before = drawn.get(entry.id);
  const node = turn(entry);
  const held = before?.contains(document.activeElement);
  drawn.set(entry.id, node);
  if (before) before.replaceWith(node);
  else if (foot.isConnected) foot.before(node);
  else log.replaceChildren(node, foot);
  if (held) box()?.focus();
  foot.hidden = ![...entries.values()].some((one) => one.answer);
  send('answer-citations');
}

function heard(entry) {
  entries.set(entry.id, entry);
  show(entry);
  log.setAttribute('aria-busy', String(waiting().length > 0));
  drawn.get(entry.id).scrollIntoView({ block: 'start' });
  if (entry.pending && !entry.stopped) return;
  tell(outcome(entry));
  save();
  send('answered');
}

function outcome({ answer, error, stopped }) {
  if (!answer) return stopped ? say.stopped : error;
  if (answer.citations.length) return say.found(answer.citations.length);
  return (answer.exchange || []).length ? say.asked : say.none;
}

function save() {
  const settled = [...entries.values()].filter((entry) => !entry.pending || entry.stopped);
  const plain = settled.slice(-REMEMBERED).map(({ fresh, ...entry }) => entry);
  try { sessionStorage.setItem('entries', JSON.stringify(plain)); } catch { /* full or forbidden */ }
}

// The answer that comes nevertheless is not shown: the entry stays as it was stopped.
function stop() {
  for (const entry of waiting()) heard({ ...entry, stopped: true });
  trigger('halt');
  box()?.focus();
}

function forget() {
  if (waiting().length) trigger('halt');
  for (const id of entries.keys()) forgotten.add(id);
  entries.clear();
  drawn.clear();
  foot.remove();
  save();
  tell('');
  log.setAttribute('aria-busy', 'false');
  log.replaceChildren(welcome());
  send('answer-citations');
  box()?.focus();
}

// The question that the page's address asks: once, and not if it was asked already.
function begin() {
  if (begun) return;
  begun = true;
  const question = (new URLSearchParams(location.search).get('q') || '').trim();
  if (!question) return;
  const known = [...entries.values()].find((entry) => entry.question === question);
  if (known) drawn.get(known.id).scrollIntoView({ block: 'start' });
  else ask(question);
}

watch('value', () => {
  const { entry, examples: given, error } = props.value || {};
  if (given) examples = given;
  failure = error || '';
  if (entry && !entries.get(entry.id)?.stopped && !forgotten.has(entry.id)) heard(entry.answer ? { ...entry, at: Date.now(), fresh: true } : entry);
  if (!entries.size) log.replaceChildren(welcome());
  if (given || error) begin();
});
window.addEventListener('ask', (event) => ask(String(event.detail.question)));
window.addEventListener('cited', (event) => {
  log.querySelectorAll('.cite').forEach((node) => node.classList.toggle('on', node.dataset.ref === event.detail));
});
try {
  for (const entry of JSON.parse(sessionStorage.getItem('entries') || '[]')) entries.set(entry.id, entry);
} catch { /* nothing remembered */ }
if (entries.size) {
  for (const entry of entries.values()) show(entry);
  drawn.get(last().id).scrollIntoView({ block: 'start' });
} else log.replaceChildren(welcome());
document.querySelector('#ask .submit-button')?.setAttribute('aria-label', say.ask);
