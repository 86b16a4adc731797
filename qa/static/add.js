// Runs behind library.js: files are chosen or dropped, each is read and reported on, and only then is it added. One at a
// time; what happens to one does not stop the others.
const adding = element.querySelector('.adding');
const chooser = make('input', null, null, { type: 'file', multiple: '' });
const over = element.querySelector('.dropping');
const PATIENCE = 5; // times that a server which is asked too often is waited for
let files = []; // { file, node, state }: 'waiting', 'read', 'adding', 'added', 'failed'
let work = Promise.resolve();

const pause = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });

// What the server says last; until then ``sent`` hears the share that is uploaded, ``heard`` each line before.
function request(where, file, sent, heard) {
  return new Promise((done) => {
    const call = new XMLHttpRequest();
    const lines = () => call.responseText.split('\n').slice(0, -1);
    call.open('POST', new URL(`${where}?name=${encodeURIComponent(file.name)}`, document.baseURI));
    for (const [name, value] of [['X-On-The-Record', '1'], ['Content-Type', 'application/octet-stream'], ['Accept', 'application/x-ndjson']]) call.setRequestHeader(name, value);
    call.upload.addEventListener('progress', (event) => sent(event.total ? event.loaded / event.total : 0));
    call.addEventListener('progress', () => { if (call.status === 200 && lines().length) heard(parsed(lines().at(-1))); });
    call.addEventListener('loadend', () => done({ status: call.status, again: Number(call.getResponseHeader('Retry-After')), ...parsed(call.responseText.trim().split('\n').at(-1)) }));
    call.send(file.size <= limit && endings.some((ending) => file.name.toLowerCase().endsWith(ending)) ? file : null);
  });
}

const parsed = (line) => { try { return JSON.parse(line); } catch { return {}; } };

async function send(where, item, heard) {
  for (let left = PATIENCE; ; left -= 1) {
    const sent = (share) => progress(item, share === 1 ? words.reading : words.uploading(share), share === 1 ? null : share);
    const answer = await request(where, item.file, sent, heard);
    if (answer.status !== 429 || !left) {
      if (answer.error || answer.report || answer.transcript) return answer;
      return { error: answer.status ? STRINGS.server.refused(answer.status) : STRINGS.server.silent };
    }
    progress(item, words.waiting(answer.again), null);
    await pause(answer.again || 1);
  }
}

// A bar without a value moves: how long it takes is not known.
function progress(item, line, share) {
  const bar = make('progress', null, null, { 'aria-label': line, max: '1', ...(share == null ? {} : { value: share }) });
  item.node.querySelector('.state').replaceChildren(make('span', null, line), bar);
}

// What is replaced may hold the focus; then it stays with the file.
function settle(item, state, line, ...nodes) {
  const held = item.node.contains(document.activeElement);
  item.state = state;
  item.node.className = `file ${state}`;
  item.node.querySelector('.state').textContent = line;
  item.node.querySelector('.rest').replaceChildren(...nodes);
  if (held) item.node.focus({ preventScroll: true });
  controls();
}

function fail(item, error) {
  const name = `${item.file.name}: `;
  settle(item, 'failed', error.startsWith(name) ? error.slice(name.length) : error, leaving(item, words.close));
}

function leaving(item, label) {
  const node = button('plain', label, () => drop(item));
  node.setAttribute('aria-label', `${label}: ${item.file.name}`);
  return node;
}

async function read(item) {
  if (item.file.size > limit) return fail(item, words.large(limit >> 20));
  progress(item, words.reading, null);
  const answer = await send('transcripts/inspect', item, () => {});
  if (!files.includes(item)) return;
  if (answer.error) return fail(item, answer.error);
  const buttons = make('p', 'buttons');
  buttons.append(button('adds', words.add, () => enqueue([item])), leaving(item, words.leave));
  const found = answer.report;
  const spoken = found.speakers.reduce((total, speaker) => total + speaker.words, 0);
  settle(item, 'read', words.ready(found.speakers.length, spoken), buttons, report(found, files.length === 1));
}

async function add(item) {
  if (item.state !== 'adding') return;
  const heard = ({ done, total }) => { if (total) progress(item, words.indexing(done, total), done / total); };
  const answer = await send('transcripts', item, heard);
  if (answer.error) return fail(item, answer.error);
  if (choice) choice = [...choice, answer.transcript]; // who adds it means to ask it
  await refresh();
  settle(item, 'added', words.added, button('plain', words.open, () => show(answer.transcript)));
  news.textContent = words.addedThis(item.file.name);
  if (!narrow.matches) show(answer.transcript);
}

function enqueue(items) {
  for (const item of items) {
    settle(item, 'adding', words.next);
    work = work.then(() => add(item)).catch(() => fail(item, STRINGS.server.silent));
  }
}

function drop(item) {
  files = files.filter((one) => one !== item);
  item.node.remove();
  controls();
  element.querySelector('#library-heading').focus({ preventScroll: true });
}

function controls() {
  const ready = files.filter(({ state }) => state === 'read');
  const busy = files.some(({ state }) => state === 'waiting' || state === 'adding');
  const bar = adding.querySelector('.controls');
  const held = bar.contains(document.activeElement);
  adding.hidden = !files.length;
  bar.replaceChildren(make('h3', null, words.files(files.length)));
  if (ready.length > 1) bar.append(button('adds', words.addAll(ready.length), () => enqueue(ready)));
  if (!busy && (files.length > 1 || !ready.length)) bar.append(button('plain', words.clear, () => [...files].forEach(drop)));
  if (held) element.querySelector('#library-heading').focus({ preventScroll: true });
}

function take(chosen) {
  open();
  if (!loaded) work = work.then(refresh); // says what can be read
  for (const file of chosen) {
    const node = make('li', 'file waiting', null, { tabindex: '-1' });
    node.append(make('p', 'name', file.name), make('p', 'state', words.next), make('div', 'rest'));
    const item = { file, node, state: 'waiting' };
    files.push(item);
    adding.querySelector('ul').append(node);
    work = work.then(() => read(item)).catch(() => fail(item, STRINGS.server.silent));
  }
  controls();
  adding.scrollIntoView({ block: 'nearest' });
}

adding.append(make('div', 'controls'), make('ul'));
over.firstElementChild.textContent = words.dropping;
chooser.addEventListener('change', () => { take([...chooser.files]); chooser.value = ''; });
document.addEventListener('click', (event) => {
  if (mayChange && event.target.closest?.('[data-act=add]')) { chooser.accept = endings.join(','); chooser.click(); }
});
// A file that is not taken must not be opened in the page's place either.
const carriesFiles = (event) => event.dataTransfer?.types.includes('Files');
window.addEventListener('dragover', (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  if (mayChange) over.classList.add('on'); else event.dataTransfer.dropEffect = 'none';
});
window.addEventListener('dragleave', (event) => { if (!event.relatedTarget) over.classList.remove('on'); });
window.addEventListener('drop', (event) => {
  over.classList.remove('on');
  if (!carriesFiles(event)) return;
  event.preventDefault();
  if (mayChange) take([...event.dataTransfer.files]);
});
