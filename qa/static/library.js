// Runs behind asked.js: the drawer with the list of what the library holds. Tells the window 'library' when that is
// another, 'cite' which transcript is to be shown, and 'ask' what is to be asked.
const drawer = element.querySelector('.drawer');
const filter = element.querySelector('.filter');
const rows = element.querySelector('.held');
const trouble = element.querySelector('.drawer .trouble');
const news = element.querySelector('.done');
const narrow = matchMedia('(max-width: 820px)');
const mayChange = document.querySelector('#bar.read-only') === null;
const MANY = 8; // transcripts that are overlooked without a filter
let endings = [];
let limit = Infinity; // bytes of a file
let opener = null;

// Filled when it is opened first.
function fold(label, name, fill) {
  const node = make('details', name);
  node.append(make('summary', null, label));
  node.addEventListener('toggle', () => { if (node.open && node.children.length < 2) fill(node); });
  return node;
}

function about(one, node) {
  const names = make('ul');
  names.append(...one.speakers.map((name) => make('li', null, name, { dir: 'auto' })));
  node.append(names, make('p', 'source', words.source(one.source)));
  if (mayChange && !one.deletable) node.append(make('p', 'source', words.stays));
}

async function worth(one, node) {
  const place = make('p', 'source', words.looking);
  node.append(place);
  const found = await call(`transcripts/${encodeURIComponent(one.id)}/questions`);
  if (!found.questions?.length) {
    place.textContent = found.error || words.noQuestions;
    return;
  }
  const questions = make('ul');
  for (const question of found.questions) {
    const item = make('li');
    item.append(button('question', question, () => put(question, one.id), { dir: 'auto' }));
    questions.append(item);
  }
  place.replaceWith(questions);
}

function put(question, id) {
  if (!isAsked(id)) toggle(id, true);
  close();
  window.dispatchEvent(new CustomEvent('ask', { detail: { question } }));
}

function show(id) {
  if (narrow.matches) close();
  document.body.classList.add('pane-open');
  window.dispatchEvent(new CustomEvent('cite', { detail: { transcript: id } }));
}

function row(one) {
  const item = make('li', 'one', null, { 'data-id': one.id });
  const box = make('input', null, null, { type: 'checkbox', 'aria-label': words.askThis(one.title) });
  box.checked = isAsked(one.id);
  box.addEventListener('change', () => toggle(one.id, box.checked));
  const more = make('div', 'more');
  more.append(fold(words.speakers(one.speakers.length), 'about', (node) => about(one, node)));
  if (one.asked) more.append(fold(words.worth, 'worth', (node) => worth(one, node)));
  if (mayChange && one.deletable) {
    const remove = button('remove', words.remove, () => confirmRemoval(one));
    remove.setAttribute('aria-label', words.removeThis(one.title));
    more.append(remove);
  }
  const facts = [one.date, words.words(one.words)].filter(Boolean).join(' · ');
  item.append(box, button('title', one.title, () => show(one.id), { dir: 'auto' }), make('p', 'facts', facts), more);
  return item;
}

function sieve() {
  const wanted = filter.hidden ? '' : filter.value.trim().toLowerCase();
  for (const [at, one] of list.entries()) {
    const within = [one.title, one.date, one.source, ...one.speakers].join('\n').toLowerCase();
    rows.children[at].hidden = !within.includes(wanted);
  }
}

const inView = () => list.filter((_, at) => !rows.children[at].hidden).map(({ id }) => id);

function draw(found) {
  list = found; // the rows are made for it before anybody is told
  rows.replaceChildren(...found.map(row));
  filter.hidden = found.length <= MANY;
  sieve();
  holds(found);
  window.dispatchEvent(new CustomEvent('library', { detail: found.map(({ id, title }) => ({ id, title })) }));
}

async function refresh() {
  const found = await call('transcripts');
  trouble.textContent = found.error || '';
  trouble.hidden = !found.error;
  if (found.error) return;
  ({ endings, limit } = found);
  if (JSON.stringify(found.transcripts) !== JSON.stringify(list) || !loaded) draw(found.transcripts);
}

function open() {
  if (drawer.open) return;
  opener = document.activeElement;
  if (narrow.matches) drawer.showModal(); else drawer.show();
  told(true);
  element.querySelector('#library-heading').focus({ preventScroll: true });
  refresh();
}

function close() {
  if (!drawer.open) return;
  drawer.close();
  told(false);
  const back = opener?.isConnected && opener !== document.body ? opener : document.querySelector('#bar [data-act=library]');
  back.focus({ preventScroll: true });
}

const told = (is) => document.querySelectorAll('[data-act=library]').forEach((one) => one.setAttribute('aria-expanded', String(is)));

chose.push(() => {
  for (const [at, one] of list.entries()) if (rows.children[at]) rows.children[at].querySelector('input').checked = isAsked(one.id);
});
element.querySelector('.all').addEventListener('click', () => choose([...new Set([...list.map(({ id }) => id).filter(isAsked), ...inView()])]));
element.querySelector('.none').addEventListener('click', () => {
  const out = inView();
  choose(list.map(({ id }) => id).filter((id) => isAsked(id) && !out.includes(id)));
});
element.querySelector('.drawer .close').addEventListener('click', close);
filter.addEventListener('input', sieve);
drawer.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.target === filter && filter.value) { filter.value = ''; sieve(); } else close();
});
drawer.addEventListener('cancel', (event) => { event.preventDefault(); close(); }); // Android's back
document.addEventListener('click', (event) => {
  if (event.target.closest?.('[data-act=library]')) { if (drawer.open) close(); else open(); }
});
window.addEventListener('answered', refresh); // who asks elsewhere may have added or deleted
told(false);
refresh();
