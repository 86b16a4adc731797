// Runs behind pane.js: a file is chosen or dropped, its report shown, and only then is it added.
const report = element.querySelector('.report');
const chooser = make('input', null, null, { type: 'file' });

const send = (where, file) => fetch(`${where}?name=${encodeURIComponent(file.name)}`, {
  method: 'POST', headers: { 'X-On-The-Record': '1', 'Content-Type': 'application/octet-stream' }, body: file,
}).then((response) => (response.ok ? response.json() : { error: `The server refused it (${response.status}).` }))
  .catch(() => ({ error: 'The server does not answer.' }));

function leave() {
  report.hidden = true;
  body.hidden = false;
  title.textContent = shown ? shown.title : '';
  facts.hidden = false;
  held.hidden = !shown || shown.held.length < 2;
}

function enter(heading, ...nodes) {
  report.hidden = false;
  body.hidden = facts.hidden = held.hidden = true;
  title.textContent = heading;
  report.replaceChildren(...nodes);
  document.body.classList.add('pane-open');
  report.focus({ preventScroll: true });
}

function button(label, act, name) {
  const node = make('button', name || 'plain', label, { type: 'button' });
  node.addEventListener('click', act);
  return node;
}

const percent = (share) => `${(share * 100).toFixed(1)} %`;
const many = (count, one) => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

function speaks(speaker) {
  const does = [[speaker.questions, 'asks'], [speaker.answers, 'answers'], [speaker.moderations, 'moderates']];
  const roles = does.filter(([count]) => count).map(([count, verb]) => `${verb} ${count}`).join(', ');
  const also = speaker.also.length ? ` (also ${speaker.also.join(', ')})` : '';
  return `${speaker.label || '(nobody named)'}${also}: ${many(speaker.turns, 'turn')}, ${many(speaker.words, 'word')}${roles ? `; ${roles}` : ''}`;
}

function rows(found) {
  const { characters: c } = found;
  const language = found.language || (found.looks_like ? `not stated; looks like ${found.looks_like}` : 'not stated');
  return [
    ...found.layout.map((note) => ['Read as', note]),
    ['Title', found.title], ['Date', found.date || 'not stated'], ['Language', language],
    ['Speakers', ...found.speakers.map(speaks)],
    ['Attributed', `${percent(found.attributed)} of what is said has a speaker`],
    ['Questions', `${found.questions}, ${found.unanswered} without a reply`],
    ['Times', found.timed ? `${percent(found.timed)} of what is said` : 'none'],
    ['Characters', `${c.total.toLocaleString('en')}: ${c.kept.toLocaleString('en')} kept; left out ${c.label} of labels, ${c.time} of times, ${c.furniture} of furniture, ${c.repeated} repeated`],
  ];
}

function show(file, found) {
  const list = make('dl');
  for (const [name, ...values] of rows(found)) list.append(make('dt', null, name), ...values.map((value) => make('dd', null, value)));
  const left = make('ul', 'left');
  for (const one of found.left_out) left.append(make('li', null, `“${one.text}”${one.count > 1 ? ` × ${one.count}` : ''}`));
  const buttons = make('p', 'buttons');
  buttons.append(button('Add to the library', () => add(file), 'adds'), button('Cancel', leave));
  const quoted = found.left_out.length ? [make('h3', null, 'Left out, as nobody said it'), left] : [];
  enter(file.name, buttons, list, ...quoted);
}

function fail(file, error) {
  enter(file.name, make('p', 'error', error), button('Close', leave));
}

async function inspect(file) {
  enter(file.name, make('p', null, 'Reading the file…'));
  const answer = await send('transcripts/inspect', file);
  if (answer.error) fail(file, answer.error); else show(file, answer.report);
}

async function add(file) {
  enter(file.name, make('p', null, 'Adding it to the library…'), make('progress'));
  const answer = await send('transcripts', file);
  if (answer.error) return fail(file, answer.error);
  leave();
  go({ transcript: answer.transcript });
}

const allowed = document.querySelector('#bar.read-only') === null;
chooser.addEventListener('change', () => { if (chooser.files[0]) inspect(chooser.files[0]); chooser.value = ''; });
document.addEventListener('click', (event) => {
  if (event.target.closest?.('[data-act=add]')) { chooser.accept = shown ? shown.endings.join(',') : ''; chooser.click(); }
});
window.addEventListener('dragover', (event) => { if (allowed) event.preventDefault(); });
window.addEventListener('drop', (event) => {
  event.preventDefault();
  if (allowed && event.dataTransfer.files[0]) inspect(event.dataTransfer.files[0]);
});
