// Runs behind card.js: what somebody thinks of an answer, kept by the server in the library's folder.
const THUMB = 'M7 22V11l4-9c1.7 0 3 1.300 3 3v4h5.700a2 2 0 0 1 2 2.300l-1.400 9a2 2 0 0 1-2 1.700H7Zm0-11H3v11h4';
const judges = document.querySelector('#bar.read-only') === null;

function thumb() {
  const [svg, path] = ['svg', 'path'].map((tag) => document.createElementNS('http://www.w3.org/2000/svg', tag));
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true' })) svg.setAttribute(key, value);
  path.setAttribute('d', THUMB);
  svg.append(path);
  return svg;
}

let judged = Promise.resolve(); // one at a time: the last line that is kept is the last word

// The answer's id, its question and where its quotes stand; the server reads their words itself.
async function judge(entry, right, note) {
  const { id, question, answer } = entry;
  const [citations, exchange] = [answer.citations, answer.exchange || []].map((own) => own.map(alone));
  const asked = { id, question, transcripts: entry.transcripts || [] };
  const response = await post('feedback', { ...asked, right, note, citations, exchange }).catch(() => null);
  if (!response?.ok) return response ? refusal(response) : STRINGS.server.silent;
  entry.judged = { right, note };
  save();
  return '';
}

function judging(entry) {
  const box = make('div', 'judging', null, { role: 'group', 'aria-label': say.judge });
  if (!judges) return box;
  const said = make('span', 'said', null, { role: 'status' });
  const note = noting((text) => choose(entry.judged.right, text));
  const thumbs = [true, false].map((right) => {
    const node = button(right ? 'thumb' : 'thumb down', null, () => choose(entry.judged?.right === right ? null : right, ''), { 'aria-label': right ? say.right : say.wrong });
    node.append(thumb());
    return node;
  });
  const show = () => {
    thumbs.forEach((node, index) => node.setAttribute('aria-pressed', String(entry.judged?.right === (index === 0))));
    note.hidden = typeof entry.judged?.right !== 'boolean' || Boolean(entry.judged.note);
  };
  async function choose(right, text) {
    judged = judged.then(() => judge(entry, right, text));
    const wrong = await judged;
    if (!wrong && note.contains(document.activeElement)) thumbs[right ? 0 : 1].focus(); // the note's field goes
    said.textContent = wrong || (right === null ? say.unjudged : say.kept);
    show();
  }
  show();
  box.append(...thumbs, note, said);
  return box;
}

function noting(give) {
  const form = make('form', 'noting');
  const field = make('input', null, null, { type: 'text', maxlength: '1000', placeholder: say.note, 'aria-label': say.note, autocomplete: 'off' });
  form.append(field, make('button', 'quiet', say.sendNote, { type: 'submit' }));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (field.value.trim()) give(field.value.trim());
  });
  return form;
}
