// Runs as js_on_load of the transcript: element, trigger, props and watch are in scope. Opens a transcript, and marks a
// citation in it, for whoever sends the window event 'cite'; tells the window 'cited' when it is marked.
const words = STRINGS.pane;
const title = element.querySelector('h2');
const held = element.querySelector('.held');
const facts = element.querySelector('.facts');
const problem = element.querySelector('.problem');
const tools = element.querySelector('.tools');
const narrow = matchMedia('(max-width: 820px)');
let shown = null;
let marked = null; // the citation that is marked
let asked = 0;
let bare = false; // the library held nothing when it was last heard of
const drawn = []; // what to do when another transcript is shown
const moved = []; // what to do when another citation is marked, or none

function complain(line) {
  if (!shown) title.textContent = line ? '' : words.opening;
  problem.textContent = line || '';
  problem.hidden = !line;
}

function draw(transcript) {
  const { lang } = saidIn(transcript.language);
  for (const node of [title, body]) if (lang) node.lang = lang; else node.removeAttribute('lang');
  title.textContent = transcript.title;
  facts.textContent = [transcript.date, transcript.source].filter(Boolean).join(' · ');
  tools.hidden = false;
  shown = transcript;
  offer(transcript.held);
  unmark();
  write(transcript.blocks);
  drawn.forEach((act) => act());
}

function unmark() {
  for (const one of paragraphs.filter(({ node }) => node.classList.contains('marked'))) {
    one.node.classList.remove('marked');
    one.line.textContent = one.text;
  }
  marked = null;
}

// What a paragraph holds of the citation, and what stands between it and the next, if the citation goes on there.
function markIn(one, start, end) {
  const from = units(one.text, start - one.start);
  const to = units(one.text, end - one.start);
  const between = end > one.end ? one.after : '';
  const mark = make('mark', null, one.text.slice(from, to));
  if (between) mark.append(make('span', 'between', between));
  one.line.replaceChildren(one.text.slice(0, from), mark, one.text.slice(to));
  one.node.classList.add('marked');
  return mark;
}

function mark(citation) {
  unmark();
  const { start, end } = citation;
  const inside = paragraphs.filter((one) => Math.max(start, one.start) < Math.min(end, one.end));
  if (!inside.length) return rest(words.nowhere);
  marked = citation;
  const marks = inside.map((one) => markIn(one, start, end));
  const same = citation.quote == null || citation.quote === marks.map((node) => node.textContent).join('');
  complain(same ? '' : words.differs);
  moved.forEach((act) => act(inside));
  document.body.classList.add('pane-open');
  bring(inside[0].node, marks[0]);
  inside[0].node.focus({ preventScroll: true });
  window.dispatchEvent(new CustomEvent('cited', { detail: `${citation.transcript}:${start}:${end}` }));
}

function rest(line) {
  unmark();
  complain(line);
  moved.forEach((act) => act([]));
}

// A citation as the server writes it; or only a transcript, or characters of it as in a link.
async function go(citation) {
  const { transcript, start = 0, end = 0 } = citation;
  asked += 1;
  const mine = asked;
  const here = shown && shown.id === transcript;
  if (here && citation.sha256) return mark(citation);
  if (!/^\w+$/.test(transcript)) return complain(words.noTranscript);
  const found = await call(`transcripts/${encodeURIComponent(transcript)}?start=${start}&end=${end}`);
  if (mine !== asked) return;
  if (found.error) return complain(found.error);
  if (!here) draw(found);
  const passage = citation.sha256 ? citation : found.citation;
  if (passage) mark(passage);
  else rest(start === end ? citation.why || '' : words.nowhere);
}

// The library is another now; what was shown may be gone, or there may be something to show at last.
function follow(list) {
  const before = bare;
  bare = !list.length;
  if (!shown) return before && list.length ? go({ transcript: list[0].id }) : null;
  shown.held = list;
  offer(list);
  if (list.some(({ id }) => id === shown.id)) return null;
  shown = null;
  tools.hidden = true;
  write([]);
  complain(list.length ? words.deleted : words.empty);
  facts.textContent = '';
  return list.length ? go({ transcript: list[0].id, why: words.deleted }) : null;
}

function offer(list) {
  held.replaceChildren(...list.map((one) => make('option', null, one.title, { value: one.id })));
  held.value = shown.id;
  held.hidden = list.length < 2;
}

// Where there is no room beside the conversation, the pane covers it; what is covered must not get the focus.
const covers = () => narrow.matches && document.body.classList.contains('pane-open');
function cover() {
  for (const node of document.querySelectorAll('#chat .log, #ask, #library .asking')) node.inert = covers();
}

function shut() {
  document.body.classList.remove('pane-open');
  cover();
  (document.querySelector('.cite.on') || document.querySelector('#bar [data-act=pane]')).focus();
}

complain('');
new MutationObserver(cover).observe(document.body, { attributes: true, attributeFilter: ['class'] });
narrow.addEventListener('change', cover);
element.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing) return;
  if (covers()) event.stopPropagation(); // it stops no question as well
  shut();
});
document.addEventListener('click', ({ target }) => {
  if (covers() && target.closest?.('#left') && !target.closest('[inert], dialog')) shut();
});
window.addEventListener('library', (event) => follow(event.detail));
window.addEventListener('cite', (event) => go(event.detail));
held.addEventListener('change', () => go({ transcript: held.value }));
element.querySelector('.close').addEventListener('click', shut);
