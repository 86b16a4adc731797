// Runs as js_on_load of the chat: element, trigger, props and watch are in scope. The conversation lives here, in the
// browser; the server sends one entry at a time, first pending, then with its answer.
const say = STRINGS.chat;
const log = element.querySelector('.log');
const live = element.querySelector('.live');
const entries = new Map();
let examples = [];
let failure = '';

function cite(citation, label) {
  const button = make('button', 'cite', label, {
    type: 'button',
    'aria-label': `Source ${label}: ${place(citation)}. Show in the transcript`,
    'data-ref': `${citation.transcript}:${citation.start}:${citation.end}`,
  });
  button.addEventListener('click', () => window.dispatchEvent(new CustomEvent('cite', { detail: citation })));
  return button;
}

function quoted(citation, label) {
  const quote = make('blockquote', 'quote');
  if (citation.replies_to) quote.append(make('p', 'asked', `Asked by ${citation.replies_to.speaker || 'a reporter'}: “${shorten(citation.replies_to.quote)}”`));
  const words = make('p', 'words');
  words.append(make('q', null, citation.quote), ' ', cite(citation, label));
  quote.append(words, make('footer', null, place(citation)));
  return quote;
}

const shorten = (text) => {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length <= 180 ? flat : `… ${flat.slice(-178).replace(/^\S*\s/, '')}`;
};

function card(entry) {
  if (entry.pending) return make('section', 'card pending', say.working);
  if (entry.error) return make('section', 'card none', entry.error);
  const { answer } = entry;
  const answered = answer.outcome === 'answered';
  const box = make('section', answered ? 'card' : 'card none', null, { 'aria-label': 'Answer' });
  if (answer.note) box.append(make('p', 'note', answer.note));
  if (answered) {
    answer.citations.forEach((citation, index) => box.append(quoted(citation, String(index + 1))));
    box.append(make('p', 'checked', say.checked));
  } else {
    const asked = answer.exchange || [];
    box.append(make('h3', null, asked.length ? say.asked : say.none));
    if (asked.length) box.append(make('p', null, say.askedThen));
    asked.forEach((citation, index) => box.append(quoted({ ...citation, replies_to: null }, String(index + 1))));
    box.append(make('p', null, answer.hits.length ? say.closest : say.nothing));
    const list = make('ol', 'closest');
    answer.hits.slice(0, 3).forEach((hit, index) => {
      const item = make('li');
      const where = make('footer', null, ` ${place(hit)}`);
      where.prepend(cite(hit, String.fromCharCode(97 + index)));
      item.append(make('span', 'words', hit.quote), where);
      list.append(item);
    });
    box.append(list);
  }
  for (const retriever of answer.retrievers.filter((r) => r.error)) {
    box.append(make('p', 'warning', `The ${retriever.name} search failed (${retriever.error}); this is the other one alone.`));
  }
  return box;
}

function welcome() {
  const box = make('div', 'welcome');
  box.append(make('h2', null, say.welcome));
  box.append(make('p', null, failure || say.how));
  const grid = make('div', 'examples', null, { role: 'group', 'aria-label': 'Example questions' });
  for (const question of examples) {
    const button = make('button', 'example', question, { type: 'button' });
    button.addEventListener('click', () => trigger('example', { question }));
    grid.append(button);
  }
  box.append(grid);
  return box;
}

function draw() {
  if (!entries.size) return log.replaceChildren(welcome());
  log.replaceChildren(...[...entries.values()].map((entry) => {
    const turn = make('article', 'turn');
    turn.append(make('h2', 'question', entry.question), card(entry));
    return turn;
  }));
  const last = [...entries.values()].at(-1);
  log.setAttribute('aria-busy', String(Boolean(last.pending)));
  log.lastElementChild.scrollIntoView({ block: 'start' });
  if (last.pending) return;
  const found = last.answer ? last.answer.citations.length : 0;
  const heading = last.answer && (last.answer.exchange || []).length ? say.asked : say.none;
  live.textContent = found ? `${found} ${found === 1 ? 'quote' : 'quotes'} found` : last.error || heading;
  try { sessionStorage.setItem('entries', JSON.stringify([...entries.values()].slice(-50))); } catch { /* full or forbidden */ }
}

watch('value', () => {
  const value = props.value || {};
  if (value.examples) examples = value.examples;
  failure = value.error || '';
  if (value.entry) entries.set(value.entry.id, value.entry);
  draw();
});
try {
  for (const entry of JSON.parse(sessionStorage.getItem('entries') || '[]')) entries.set(entry.id, entry);
} catch { /* nothing remembered */ }
draw();
document.querySelector('#ask .submit-button')?.setAttribute('aria-label', 'Ask');
window.addEventListener('ask', (event) => trigger('example', { question: event.detail.question }));
window.addEventListener('cited', (event) => {
  log.querySelectorAll('.cite').forEach((button) => button.classList.toggle('on', button.dataset.ref === event.detail));
});
