// Runs before pane.js: the transcript's paragraphs, and where things stand in them. Offsets from the
// server count code points; strings here count UTF-16 units.
const body = element.querySelector('.text');
const STRETCH = 25; // paragraphs drawn or skipped together: fewer cost more layout, more cost more at each step
const WIDEST = 814; // pixels of a paragraph with its margins, as pane.css has it
const FRAMES = 8; // in which the heights around a place settle, after a jump to it
let paragraphs = [];
let brought = 0;

function units(text, points) {
  let at = 0;
  for (let left = points; left > 0 && at < text.length; left -= 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

function paragraph(block) {
  const node = make('div', `para ${block.role}`, null, { 'data-start': block.start, 'data-end': block.end, tabindex: '-1' });
  if (block.speaker) {
    const label = make('p', 'speaker', block.speaker, { dir: 'auto' });
    if (block.time != null) label.append(' ', make('time', null, clock(block.time)));
    node.append(label);
  }
  const number = make('span', 'number', block.paragraph ? `¶${block.paragraph}` : '');
  if (block.page) number.append(make('span', 'page', STRINGS.pane.page(block.page)));
  const line = make('p', 'line', block.text, { dir: 'auto' });
  node.append(number, line);
  return { ...block, node, line };
}

function write(blocks) {
  paragraphs = blocks.map(paragraph);
  const stretches = [];
  for (let at = 0; at < paragraphs.length; at += STRETCH) {
    const stretch = make('div', 'stretch');
    paragraphs.slice(at, at + STRETCH).forEach((one) => { one.stretch = stretch; stretch.append(one.node); });
    stretches.push(stretch);
  }
  body.replaceChildren(...stretches);
  body.scrollTop = 0;
  estimate();
}

// How high a stretch will be that was not drawn yet: the browser lays out only what is near the view.
function estimate() {
  const across = Math.max(20, (Math.min(body.clientWidth, WIDEST) - 100) / 7.3); // characters in a line
  const heights = new Map();
  for (const { stretch, node, text, speaker } of paragraphs) {
    const height = node.hidden ? 0 : 14 + Math.ceil(text.length / across) * 25 + (speaker ? 28 : 0);
    heights.set(stretch, (heights.get(stretch) || 0) + height);
  }
  for (const [stretch, height] of heights) {
    stretch.hidden = height === 0;
    stretch.style.containIntrinsicHeight = `auto ${height}px`;
  }
}

// Of all that could scroll only the text does: scrollIntoView would move what stands above it out of view.
function centre(target) {
  const box = target.getBoundingClientRect();
  const view = body.getBoundingClientRect();
  const off = box.top - view.top - Math.max(24, (view.height - box.height) / 2);
  if (box.height && Math.abs(off) > 1) body.scrollTop += off;
}

// Where the target lies is only known for certain once all around it is drawn: some frames later.
function bring(node, target) {
  brought += 1;
  const mine = brought;
  let left = FRAMES;
  centre(node);
  const correct = () => {
    if (mine !== brought) return;
    centre(target);
    left -= 1;
    if (left > 0) requestAnimationFrame(correct);
  };
  correct();
}
for (const moved of ['wheel', 'touchmove', 'pointerdown', 'keydown']) body.addEventListener(moved, () => { brought += 1; }, { passive: true });

// The first paragraph in view.
function topmost() {
  const { top } = body.getBoundingClientRect();
  const below = (node) => !node.hidden && node.getBoundingClientRect().bottom > top;
  const stretch = [...body.children].find(below);
  return paragraphs.find((one) => one.stretch === stretch && below(one.node));
}

// The characters from one offset to another as a range, through whatever marks stand in the line.
function rangeIn(line, from, to) {
  const range = document.createRange();
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let before = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const after = before + node.length;
    if (from >= before && from < after) range.setStart(node, from - before);
    if (to > before && to <= after) range.setEnd(node, to - before);
    before = after;
  }
  return range;
}
