// Runs first of the library's scripts: which transcripts are asked. It is remembered in this browser alone.
const words = STRINGS.library;
const asking = element.querySelector('.asking');
const sum = element.querySelector('.sum');
let list = []; // what the library holds
let loaded = false;
let choice = remembered(); // ids; null: all, whatever is added later
const chose = []; // what to do when the choice is another

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem('asked'));
    return Array.isArray(kept) && kept.every((id) => typeof id === 'string') ? kept : null;
  } catch { return null; }
}

const isAsked = (id) => choice === null || choice.includes(id);

function choose(ids) {
  choice = ids && list.every(({ id }) => ids.includes(id)) && list.length ? null : ids;
  try {
    if (choice) localStorage.setItem('asked', JSON.stringify(choice));
    else localStorage.removeItem('asked');
  } catch { /* private browsing keeps nothing */ }
  const count = list.filter(({ id }) => isAsked(id)).length;
  asking.textContent = sum.textContent = words.asking(count, list.length);
  asking.hidden = !loaded || (count === list.length && count < 2);
  asking.classList.toggle('none', loaded && !count);
  chose.forEach((act) => act());
}

// One transcript more or less. Beside a choice that was made, none is asked unless it is told so.
const toggle = (id, on) => choose([...(choice || list.map((one) => one.id)).filter((one) => one !== id), ...(on ? [id] : [])]);

// What is held now. A choice of which nothing is left is no choice any more, which is said; one of nothing stays.
function holds(found) {
  const kept = choice && choice.filter((id) => found.some((one) => one.id === id));
  const lost = choice && choice.length && !kept.length;
  list = found;
  loaded = true;
  choose(lost ? null : kept);
  if (!lost || !found.length) return;
  asking.textContent = sum.textContent = words.lost(sum.textContent);
  asking.hidden = false;
}

window.chosenTranscripts = () => choice;
