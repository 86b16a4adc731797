// Runs behind pane.js: a citation is checked again, by the server, against the library and the file it is from.
const checks = element.querySelector('.passage .check');
const head = element.querySelector('header');
const outcome = element.querySelector('.outcome');

function carried(citation) {
  const list = make('dl');
  const lines = [
    [words.file, citation.source], [words.sha256, citation.sha256],
    [words.characters, `${citation.start}–${citation.end}`],
    [words.place, [citation.paragraph ? `¶${citation.paragraph}` : '', citation.page ? words.page(citation.page) : ''].filter(Boolean).join(', ')],
  ];
  for (const [name, value] of lines.filter((line) => line[1])) list.append(make('dt', null, name), make('dd', null, value));
  return list;
}

function verdict(answer) {
  const good = answer.result === 'verbatim';
  const line = make('p', good ? 'good' : 'bad', answer.error || words.results[answer.result] || answer.result);
  if (answer.detail && !good) line.append(make('span', 'detail', ` (${answer.detail})`));
  return line;
}

function fold() {
  outcome.replaceChildren();
  checks.setAttribute('aria-expanded', 'false');
}

// Where the head has to scroll, as on a small screen.
function reveal() {
  head.scrollTop += outcome.getBoundingClientRect().top - head.getBoundingClientRect().top;
}

async function check(citation) {
  const line = make('p', null, words.checking);
  outcome.replaceChildren(line, carried(citation));
  checks.setAttribute('aria-expanded', 'true');
  reveal();
  const inView = marked === citation && body.querySelector('mark'); // the panel takes room from the text
  if (inView) bring(inView.closest('.para'), inView);
  const answer = await call('verify', {
    method: 'POST', headers: { 'X-On-The-Record': '1', 'Content-Type': 'application/json' }, body: JSON.stringify(citation),
  });
  if (!line.isConnected) return; // another passage is marked by now
  line.replaceWith(verdict(answer));
  reveal();
}

checks.addEventListener('click', () => (outcome.hasChildNodes() ? fold() : check(marked)));
moved.push(fold);
// It is checked also where it cannot be shown, but not if something else was clicked meanwhile.
window.addEventListener('check', async (event) => {
  const arrived = go(event.detail);
  const mine = asked;
  await arrived;
  if (mine !== asked) return;
  document.body.classList.add('pane-open');
  check(event.detail);
});
