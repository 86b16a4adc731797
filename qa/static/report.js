// Runs before add.js: what a file was read as, as a list of facts.
const readAs = words.readAs;
const number = (count) => count.toLocaleString('en');
const percent = (share) => `${(share * 100).toFixed(1)} %`;

function facts(found) {
  const language = found.language || (found.looks_like ? readAs.looksLike(found.looks_like) : readAs.unstated);
  return [
    ...found.layout.map((note) => [readAs.layout, note]),
    [readAs.title, found.title], [readAs.date, found.date || readAs.unstated], [readAs.language, language],
    [readAs.speakers, ...found.speakers.map((speaker) => readAs.speaks(speaker, words.unnamed, number))],
    [readAs.attributed, readAs.attributedShare(percent(found.attributed))],
    [readAs.questions, readAs.unanswered(found.questions, found.unanswered)],
    [readAs.times, found.timed ? readAs.timed(percent(found.timed)) : readAs.untimed],
    [readAs.characters, readAs.kept(found.characters, number)],
  ];
}

function report(found, open) {
  const list = make('dl');
  for (const [name, ...values] of facts(found)) list.append(make('dt', null, name), ...values.map((value) => make('dd', null, value)));
  const node = make('details', 'report');
  node.open = open;
  node.append(make('summary', null, words.report), list);
  if (!found.left_out.length) return node;
  const left = make('ul', 'left');
  for (const one of found.left_out) left.append(make('li', null, `“${one.text}”${one.count > 1 ? ` × ${one.count}` : ''}`));
  node.append(make('h3', null, words.leftOut), left);
  return node;
}
