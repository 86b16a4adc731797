// Runs behind pane.js, after all that follows a passage: from one citation of an answer to the next, and a passage's
// link, in the address bar and to copy.
const walk = element.querySelector('.walk');
const which = element.querySelector('.which');
const bar = element.querySelector('.passage');
const said = element.querySelector('.said');
let begun = false;
const reference = (citation) => (citation ? `${citation.transcript}:${citation.start}:${citation.end}` : '');

// The answer that the marked passage belongs to, or the last one: its citations' buttons, each passage once.
function cited() {
  const buttons = [...document.querySelectorAll('.turn .cite[data-ref]')];
  const here = buttons.filter((button) => button.dataset.ref === reference(marked)).at(-1);
  const answer = (here || buttons.at(-1))?.closest('.turn');
  const own = new Map();
  for (const button of buttons) if (button.closest('.turn') === answer && !own.has(button.dataset.ref)) own.set(button.dataset.ref, button);
  return { buttons: [...own.values()], at: [...own.keys()].indexOf(reference(marked)) };
}

function stands() {
  const { buttons, at } = cited();
  walk.hidden = buttons.length < 2;
  which.textContent = words.which(at + 1, buttons.length);
}

function walkTo(by) {
  const { buttons, at } = cited();
  const next = at < 0 && by < 0 ? buttons.length - 1 : (at + by + buttons.length) % buttons.length;
  buttons[next]?.click();
}

// The page's own address with the passage in it; what else it names stays.
function addressed(base, passage) {
  const url = new URL(base);
  for (const name of ['transcript', 'start', 'end']) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(passage)) url.searchParams.set(name, value);
  return url.href;
}

const passage = () => ({ transcript: marked.transcript, start: marked.start, end: marked.end });

async function copy() {
  const address = addressed(location.origin + location.pathname, passage());
  try {
    await navigator.clipboard.writeText(address);
    said.textContent = words.copied;
  } catch { // forbidden, or the page was not opened over HTTPS: the address bar holds the link too
    said.textContent = words.notCopied;
  }
}

// The passage that the page's address names; null if none. What is not a number stands for no passage at all.
function linked() {
  const named = new URLSearchParams(location.search);
  if (!named.get('transcript')) return null;
  const [start, end] = ['start', 'end'].map((name) => named.get(name) ?? '0');
  const numbers = [start, end].every((text) => /^\d{1,9}$/.test(text));
  return { transcript: named.get('transcript'), start: numbers ? Number(start) : 0, end: numbers ? Number(end) : -1 };
}

// Once: the passage that the address names, or the first transcript, unless somebody asked for another meanwhile.
async function begin(first) {
  if (begun) return;
  begun = true;
  const named = linked();
  if (asked) return;
  if (named) await go(named);
  if (shown || asked > (named ? 1 : 0)) return;
  const line = problem.textContent;
  await go({ transcript: first });
  complain(problem.textContent || line);
}

moved.push(() => {
  stands();
  said.textContent = '';
  bar.hidden = !marked;
  const known = new URLSearchParams(location.search).has('transcript');
  if (marked || known) history.replaceState(history.state, '', addressed(location.href, marked ? passage() : { transcript: shown.id }));
});
walk.querySelector('.previous').addEventListener('click', () => walkTo(-1));
walk.querySelector('.next').addEventListener('click', () => walkTo(1));
bar.querySelector('.link').addEventListener('click', copy);
window.addEventListener('answer-citations', stands);
watch('value', () => {
  if (props.value?.error) complain(props.value.error);
  if (props.value?.first) begin(props.value.first);
});
