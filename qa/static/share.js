// Runs behind card.js: the conversation as a file. The server writes it, and reads every quote of it again.
const FILES = { markdown: 'md', json: 'json', html: 'html' };

function download(blob, name) {
  const link = make('a', null, null, { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// What the server needs: the quotes' places. Passages only where they are shown.
function bare({ question, note, confidence, threshold, citations, exchange, hits }) {
  const near = citations.length ? [] : hits.slice(0, 3);
  return { question, note, confidence, threshold, citations: citations.map(alone), exchange: exchange.map(alone), hits: near.map(alone) };
}

async function exported(kind) {
  const answers = [...entries.values()].filter((entry) => entry.answer).map((entry) => bare(entry.answer));
  const response = await post(`export/${kind}`, { answers: answers.slice(-REMEMBERED) }).catch(() => null);
  if (!response?.ok) return tell(response ? await refusal(response) : STRINGS.server.silent, true);
  download(await response.blob(), `on-the-record-${new Date().toISOString().slice(0, 10)}.${FILES[kind]}`);
  return tell(say.saved);
}

function sharing() {
  const box = make('div', 'sharing', null, { role: 'group', 'aria-label': say.keep });
  box.append(make('span', null, say.keep));
  for (const kind of Object.keys(FILES)) box.append(button('quiet', say.files[kind], () => exported(kind)));
  box.append(button('quiet', say.print, () => window.print()), button('quiet', say.anew, forget));
  return box;
}
