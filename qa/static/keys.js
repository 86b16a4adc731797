// Runs behind chat.js: the page's keys, and the dialog that lists them and switches those of one character off. None of
// them is taken from a field or from the browser's own shortcuts.
const dialog = element.querySelector('dialog');
const single = dialog.querySelector('.single input');
const box = () => document.querySelector('#ask textarea, #ask input');
const TWICE = 700; // milliseconds: until then the box may not be empty yet
let sentAt = -TWICE;
let walked = null; // the citation that was clicked last

// Every citation of the conversation in its order; one that an answer names twice is one.
function walkTo(by) {
  const all = [...log.querySelectorAll('.cite')];
  if (!all.length) return;
  const at = all.indexOf(walked?.isConnected ? walked : null);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
  all[next].scrollIntoView({ block: 'nearest' });
  all[next].click();
}

function help() {
  if (!dialog.open) dialog.showModal();
}

function listed() {
  const list = make('dl');
  for (const [keys, does] of say.keys) {
    const named = make('dt');
    keys.forEach((key, index) => named.append(index ? ' ' : '', make('kbd', null, key)));
    list.append(named, make('dd', null, does));
  }
  return list;
}

const KEYS = { '/': () => box()?.focus(), n: () => walkTo(1), p: () => walkTo(-1), '?': help };

function pressed(event) {
  const stops = event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog:modal');
  if (stops && waiting().length && (event.target === box() || !event.target.closest?.('input, textarea, select'))) {
    event.preventDefault();
    stop();
  } else if (Object.hasOwn(KEYS, event.key) && isKey(event)) {
    event.preventDefault();
    KEYS[event.key]();
  }
}

// Once for Enter and a click alike: twice asks once.
function once(event) {
  const again = event.timeStamp - sentAt < TWICE;
  if (again) {
    event.stopPropagation();
    event.preventDefault();
  } else sentAt = event.timeStamp;
}

dialog.querySelector('h2').textContent = say.keysTitle;
dialog.querySelector('.list').append(listed());
dialog.querySelector('.shut').addEventListener('click', () => dialog.close());
dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
log.addEventListener('click', (event) => { walked = event.target.closest?.('.cite') || walked; });
document.addEventListener('keydown', pressed);
document.addEventListener('click', (event) => { if (event.target.closest?.('[data-act=help]')) help(); });
single.checked = keysOn();
single.addEventListener('change', () => {
  try {
    if (single.checked) localStorage.removeItem('keys');
    else localStorage.setItem('keys', 'off');
  } catch { /* private browsing keeps nothing */ }
});
// Enter that ends a word of an input method is not yet a question.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.target !== box()) return;
  if (event.isComposing) event.stopPropagation();
  else once(event);
}, true);
document.addEventListener('click', (event) => { if (event.target.closest?.('#ask .submit-button')) once(event); }, true);
document.addEventListener('input', (event) => { if (event.target === box()) sentAt = -TWICE; });
window.dispatchEvent(new Event('page-drawn'));
