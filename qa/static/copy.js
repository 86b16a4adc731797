// Runs behind card.js: a quote on the clipboard, as text, as Markdown, as the JSON that `qa verify` takes, or its link.
const here = () => location.origin + location.pathname;
const linked = (named) => `${here()}?${new URLSearchParams(named)}`;
const questionLink = (question) => linked({ q: question });
const passageLink = ({ transcript, start, end }) => linked({ transcript, start, end });
const plainly = (text) => text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()<>#+\-.!|~$:&]/g, '\\$&');
const stands = (citation) => [place(citation), citation.date].filter(Boolean).join(' · ');
const FORMS = {
  text: (citation) => `“${citation.quote}”\n— ${stands(citation)}\n${passageLink(citation)}\n`,
  markdown: (citation) => `> ${plainly(citation.quote)}\n>\n> — ${plainly(stands(citation))}, [${say.passage}](<${passageLink(citation)}>)\n`,
  json: (citation) => `${JSON.stringify(citation, null, 2)}\n`,
  link: passageLink,
};

// Without HTTPS a browser has no clipboard to write to; a selection it does copy.
function selected(text) {
  const field = make('textarea', 'unseen', null, { 'aria-hidden': 'true' });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}

async function clip(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selected(text);
  }
}

async function copied(node, text, name) {
  const done = await clip(text);
  node.focus({ preventScroll: true });
  tell(done ? say.copied(name) : say.notCopied);
  node.classList.toggle('done', done);
  setTimeout(() => node.classList.remove('done'), 1600);
}

function copies(citation) {
  const box = make('span', 'copies');
  const forms = make('span', 'forms', null, { role: 'group', 'aria-label': say.copyAs });
  const opens = button('quiet', say.copy, () => fold(forms.hidden), { 'aria-expanded': 'false' });
  const fold = (open) => {
    forms.hidden = !open;
    opens.setAttribute('aria-expanded', String(open));
  };
  for (const [form, write] of Object.entries(FORMS)) {
    const one = button('quiet', say.forms[form], () => copied(one, write(citation), say.forms[form]));
    forms.append(one);
  }
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || forms.hidden) return;
    event.stopPropagation();
    fold(false);
    opens.focus();
  });
  fold(false);
  box.append(opens, forms);
  return box;
}
