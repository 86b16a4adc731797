// Runs behind pane.js: find in the text. Matches are counted in all of it, and drawn only near the view.
const field = element.querySelector('.find input');
const count = element.querySelector('.find .count');
const steps = [...element.querySelectorAll('.find button')];
const near = new Set(); // stretches in view or next to it
const lights = globalThis.CSS?.highlights ? { found: new Highlight(), current: new Highlight() } : null;
let found = []; // { one, from, to }: the row, and UTF-16 offsets in it
let current = -1;

if (lights) for (const [name, light] of Object.entries(lights)) CSS.highlights.set(name, light);
if (lights) lights.current.priority = 1;
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) near[isIntersecting ? 'add' : 'delete'](target);
  light();
}, { root: body, rootMargin: '400px 0px' });

// Regular expressions fold case one character to one, so that offsets hold: lower-casing may change the length. An
// accent may be written as one character or two; any space matches any other; a letter is not its accented form.
const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+');

function pattern(query) {
  const spelled = [...query.replace(/\s+/g, ' ').normalize('NFC')].map((one) => {
    const parts = one.normalize('NFD');
    return one === parts ? escaped(one) : `(?:${escaped(one)}|${escaped(parts)})`;
  });
  return new RegExp(`(?:${spelled.join('')}|${escaped(query)})(?![\\u0300-\\u036f])`, 'giu');
}

function find() {
  const query = field.value.trim();
  found = [];
  if (query) {
    const wanted = pattern(query);
    for (const one of paragraphs) {
      if (one.node.hidden) continue;
      for (const match of one.text.matchAll(wanted)) found.push({ one, from: match.index, to: match.index + match[0].length });
    }
  }
}

function step(to) {
  if (current >= 0) found[current]?.one.node.classList.remove('here');
  current = found.length ? (to + found.length) % found.length : -1;
  if (current >= 0) {
    const { one, from, to: end } = found[current];
    one.node.classList.add('here');
    bring(one.node, rangeIn(one.line, from, end));
  }
  told();
}

function told() {
  const query = field.value.trim();
  count.textContent = !query ? '' : found.length ? words.match(current + 1, found.length) : words.noMatch;
  steps.forEach((button) => { button.hidden = !found.length; });
  light();
}

function light() {
  if (!lights) return;
  lights.found.clear();
  lights.current.clear();
  for (const { one, from, to } of found) if (near.has(one.stretch)) lights.found.add(rangeIn(one.line, from, to));
  if (current < 0) return;
  const { one, from, to } = found[current];
  lights.current.add(rangeIn(one.line, from, to));
}

// The first match from the top of the view on, as a browser's own search does.
function search() {
  const from = topmost()?.start ?? 0;
  if (current >= 0) found[current]?.one.node.classList.remove('here');
  current = -1;
  find();
  const first = found.findIndex(({ one }) => one.start >= from);
  if (found.length) step(Math.max(first, 0));
  else told();
}

function refind() {
  const at = found[current];
  if (at) at.one.node.classList.remove('here');
  find();
  current = at ? found.findIndex(({ one, from }) => one === at.one && from === at.from) : -1;
  if (current >= 0) at.one.node.classList.add('here');
  told();
}

drawn.push(() => {
  near.clear();
  watcher.disconnect();
  body.querySelectorAll('.stretch').forEach((stretch) => watcher.observe(stretch));
  current = -1;
  found = [];
  refind();
});
moved.push(light);
field.addEventListener('input', search);
field.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.isComposing) {
    event.preventDefault();
    step(current + (event.shiftKey ? -1 : 1));
  }
  if (event.key === 'Escape' && !event.isComposing) {
    event.stopPropagation(); // of the pane, which it would close
    field.value = '';
    refind();
    body.focus({ preventScroll: true });
  }
});
steps[0].addEventListener('click', () => step(current - 1));
steps[1].addEventListener('click', () => step(current + 1));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'f' || !isKey(event) || tools.hidden) return;
  event.preventDefault();
  document.body.classList.add('pane-open');
  field.focus();
  field.select();
});
