// Text is only ever written as text: nothing from a transcript or a question becomes markup.
const make = (tag, name, text, attributes) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text != null) node.textContent = text;
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  return node;
};
function button(name, label, act, attributes) {
  const node = make('button', name, label, { type: 'button', ...attributes });
  node.addEventListener('click', act);
  return node;
}
// For words of a transcript: their direction follows from them, their language is named only where the transcript does.
const saidIn = (language) => ({ dir: 'auto', ...(/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(language || '') ? { lang: language } : {}) });
// A key of one character is the page's, unless it is typed, those keys are switched off, or a dialog stands before the page.
const keysOn = () => { try { return localStorage.getItem('keys') !== 'off'; } catch { return true; } };
const isKey = (event) => !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing) && keysOn()
  && !event.target.closest?.('input, textarea, select, [contenteditable]') && !document.querySelector('dialog:modal');
const clock = (seconds) => {
  if (seconds == null) return '';
  const two = (n) => String(Math.floor(n)).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
};
const place = (c) => [c.speaker, c.paragraph ? `¶${c.paragraph}` : '', c.page ? `page ${c.page}` : '', clock(c.time), c.title].filter(Boolean).join(' · ');
// A template's own words: data-say names them. A string is the node's text, anything else its attributes and text.
const fill = (root, fixed) => {
  for (const node of root.querySelectorAll('[data-say]')) {
    const said = fixed[node.dataset.say];
    const { text, ...attributes } = typeof said === 'string' ? { text: said } : said;
    if (text) node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  }
};
// What the server says, as JSON; or {error} in one line for the user.
const call = (where, options) => fetch(new URL(where, document.baseURI), options)
  .then((response) => (response.ok ? response.json() : { error: STRINGS.server.refused(response.status) }))
  .catch(() => ({ error: STRINGS.server.silent }));
