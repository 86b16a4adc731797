// Runs before add.js: what a file was read as, as a list of facts.
const many = (count, one) => `${number(count)} ${one}${count === 1 ? '' : 's'}`;
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const number = (count) => count.toLocaleString('en');

function speaks(speaker) {
  const does = [[speaker.questions, 'asks'], [speaker.answers, 'answers'], [speaker.moderations, 'moderates']];
  const roles = does.filter(([count]) => count).map(([count, verb]) => `${verb} ${count}`).join(', ');
  const also = speaker.also.length ? ` (also ${speaker.also.join(', ')})` : '';
  return `${speaker.label || words.unnamed}${also}: ${many(speaker.turns, 'turn')}, ${many(speaker.words, 'word')}${roles ? `; ${roles}` : ''}`;
}

function facts(found) {
  const { characters: c } = found;
  const language = found.language || (found.looks_like ? `not stated; looks like ${found.looks_like}` : 'not stated');
  return [
    ...found.layout.map((note) => ['Read as', note]),
    ['Title', found.title], ['Date', found.date || 'not stated'], ['Language', language],
    ['Speakers', ...found.speakers.map(speaks)],
    ['Attributed', `${percent(found.attributed)} of what is said has a speaker`],
    ['Questions', `${found.questions}, ${found.unanswered} without a reply`],
    ['Times', found.timed ? `${percent(found.timed)} of what is said` : 'none'],
    ['Characters', `${number(c.total)}: ${number(c.kept)} kept; left out ${c.label} of labels, ${c.time} of times, ${c.furniture} of furniture, ${c.repeated} repeated`],
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
