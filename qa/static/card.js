// Runs first of the chat's parts: an entry of the conversation -> its card. Nothing here knows the conversation.
const say = STRINGS.chat;
const JUST_NOW = 60000; // milliseconds

const shorten = (text) => {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length <= 180 ? flat : `… ${flat.slice(-178).replace(/^\S*\s/, '')}`;
};

// A citation without the question that it replies to: the server finds that itself.
const alone = ({ replies_to: asked, ...citation }) => citation;

const send = (event, detail) => window.dispatchEvent(new CustomEvent(event, { detail }));

const post = (where, body) => fetch(new URL(where, document.baseURI), {
  method: 'POST', headers: { 'X-On-The-Record': '1', 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

// What a refused request says for the user.
async function refusal(response) {
  const said = await response.json().catch(() => ({}));
  return said.error || STRINGS.server.refused(response.status);
}

function cite(citation, label) {
  return button('cite', label, () => send('cite', citation), {
    'aria-label': say.source(label, place(citation)), 'data-ref': `${citation.transcript}:${citation.start}:${citation.end}`,
  });
}

// The server reads every quote of an answer again before it sends it; clicked, the pane does so once more and shows all.
function trust(citation, entry) {
  const then = entry.at ? say.verbatim(say.at(new Date(entry.at))) : say.verbatimOnce;
  const node = button('trust', entry.fresh ? say.verbatim(say.justNow) : then, () => send('check', citation), { title: say.checkAgain });
  if (entry.fresh) setTimeout(() => { node.textContent = then; }, JUST_NOW);
  return node;
}

function quoted(citation, label, entry) {
  const quote = make('blockquote', 'quote');
  const asked = citation.replies_to;
  if (asked) quote.append(make('p', 'asked', say.askedBy(asked.speaker, shorten(asked.quote)), { dir: 'auto' }));
  const words = make('p', 'words');
  words.append(make('q', null, citation.quote, saidIn(entry.languages?.[citation.transcript])), ' ', cite(citation, label));
  const tools = make('div', 'tools');
  tools.append(trust(citation, entry), copies(citation));
  quote.append(words, make('p', 'place', place(citation), { dir: 'auto' }), tools);
  return quote;
}

function closest(hits, languages) {
  const list = make('ol', 'closest');
  hits.slice(0, 3).forEach((hit, index) => {
    const item = make('li');
    const where = make('p', 'place', ` ${place(hit)}`, { dir: 'auto' });
    where.prepend(cite(hit, String.fromCharCode(97 + index)));
    item.append(make('span', 'words', hit.quote, saidIn(languages?.[hit.transcript])), where);
    list.append(item);
  });
  return list;
}

// What was looked through, and how near the best of it came.
function searched({ searched: looked, retrievers, confidence, threshold, exchange }) {
  if (!looked) return [];
  const ways = retrievers.filter((one) => !one.error).map(({ name }) => say.ways[name] || name);
  const declined = exchange?.length && !confidence; // known not to answer, not improbable to
  const lines = [say.searched(looked, ways), ...(threshold && !declined ? [say.confidence(confidence, threshold)] : [])];
  return lines.map((line) => make('p', 'searched', line));
}

function refused(answer, entry) {
  const asked = answer.exchange || [];
  const parts = [make('h3', null, asked.length ? say.asked : say.none)];
  if (asked.length) parts.push(make('p', null, say.askedThen));
  asked.forEach((citation, index) => parts.push(quoted({ ...citation, replies_to: null }, String(index + 1), entry)));
  parts.push(...searched(answer), make('p', null, answer.hits.length ? say.closest : say.nothing), closest(answer.hits, entry.languages));
  return parts;
}

function answered(entry) {
  const { answer } = entry;
  const good = answer.outcome === 'answered';
  const box = make('div', good ? 'card' : 'card none');
  if (answer.note) box.append(make('p', 'note', answer.note));
  if (good) answer.citations.forEach((citation, index) => box.append(quoted(citation, String(index + 1), entry)));
  else box.append(...refused(answer, entry));
  for (const { name, error } of answer.retrievers.filter((one) => one.error)) box.append(make('p', 'warning', say.failed(name, error)));
  box.append(judging(entry));
  return box;
}

function card(entry) {
  if (entry.answer) return answered(entry);
  const waits = entry.pending && !entry.stopped;
  const box = make('div', waits ? 'card pending' : 'card none');
  box.append(make('p', null, waits ? say.working : entry.stopped ? say.stopped : entry.error));
  box.append(waits ? button('quiet', say.stop, stop, { 'aria-keyshortcuts': 'Escape' }) : button('quiet', say.again, () => ask(entry.question)));
  return box;
}

function turn(entry) {
  const node = make('article', 'turn');
  const head = make('div', 'head');
  const link = button('quiet link', say.link, () => copied(link, questionLink(entry.question), say.linkOf), { 'aria-label': say.linkTo });
  head.append(link, make('h2', 'question', entry.question, { dir: 'auto' }));
  node.append(head, card(entry));
  return node;
}
