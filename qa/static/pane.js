// Runs as js_on_load of the transcript: element, trigger, props and watch are in scope. Offsets from the server count
// code points; strings here count UTF-16 units, so text is cut through Array.from.
const body = element.querySelector('.text');
const title = element.querySelector('h2');
const held = element.querySelector('.held');
const facts = element.querySelector('.facts');
let shown = null;

function draw(transcript) {
  title.textContent = transcript.title;
  facts.textContent = [transcript.date, transcript.source].filter(Boolean).join(' · ');
  body.replaceChildren(...transcript.blocks.map((block) => {
    const paragraph = make('div', `para ${block.role}`, null, { 'data-start': block.start, 'data-end': block.end, tabindex: '-1' });
    if (block.speaker) {
      const label = make('p', 'speaker', block.speaker);
      if (block.time != null) label.append(' ', make('time', null, clock(block.time)));
      paragraph.append(label);
    }
    const line = make('p', 'line', block.text);
    paragraph.append(make('span', 'number', block.paragraph ? `¶${block.paragraph}` : ''), line);
    paragraph.words = block.text;
    return paragraph;
  }));
  held.replaceChildren(...transcript.held.map((one) => make('option', null, one.title, { value: one.id })));
  held.value = transcript.id;
  held.hidden = transcript.held.length < 2;
  shown = transcript;
}
held.addEventListener('change', () => trigger('open', { transcript: held.value, start: 0, end: 0 }));

function mark(focus) {
  body.querySelectorAll('.para.marked').forEach((block) => {
    block.classList.remove('marked');
    block.querySelector('.line').textContent = block.words;
  });
  let first = null;
  for (const block of body.children) {
    const from = Number(block.dataset.start);
    const begin = Math.max(focus.start, from);
    const end = Math.min(focus.end, Number(block.dataset.end));
    if (begin >= end) continue;
    const points = Array.from(block.words);
    const cut = (a, b) => points.slice(a - from, b - from).join('');
    const marked = make('mark', null, cut(begin, end));
    block.querySelector('.line').replaceChildren(cut(from, begin), marked, cut(end, from + points.length));
    block.classList.add('marked');
    first ||= marked;
  }
  if (!first) return;
  document.body.classList.add('pane-open');
  first.scrollIntoView({ block: 'center' });
  first.closest('.para').focus({ preventScroll: true });
  window.dispatchEvent(new CustomEvent('cited', { detail: `${focus.transcript}:${focus.start}:${focus.end}` }));
}

watch('value', () => {
  const value = props.value;
  if (!value) return;
  if (value.error) { title.textContent = value.error; return; }
  if (!shown || shown.id !== value.id) draw(value);
  if (value.focus) mark(value.focus);
});
window.addEventListener('cite', (event) => {
  const { transcript, start, end } = event.detail;
  if (shown && shown.id === transcript) mark({ transcript, start, end });
  else trigger('open', { transcript, start, end });
});
element.querySelector('.close').addEventListener('click', () => document.body.classList.remove('pane-open'));
