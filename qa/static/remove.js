// Runs behind library.js: asks before a transcript is deleted, and deletes it.
const confirming = element.querySelector('.confirm');
const doubt = confirming.querySelector('.trouble');
const yes = confirming.querySelector('.delete');
let condemned = null;

function confirmRemoval(one) {
  condemned = one;
  doubt.hidden = true;
  confirming.querySelector('h2').textContent = words.sure(one.title);
  confirming.querySelector('#confirm-text').textContent = words.gone(one.source);
  confirming.showModal();
}

async function remove() {
  yes.disabled = true;
  const answer = await call(`transcripts/${encodeURIComponent(condemned.id)}`, { method: 'DELETE', headers: { 'X-On-The-Record': '1' } });
  yes.disabled = false;
  doubt.textContent = answer.error || '';
  doubt.hidden = !answer.error;
  if (answer.error) return;
  confirming.close();
  await refresh();
  news.textContent = words.removed(answer.deleted);
  element.querySelector('#library-heading').focus({ preventScroll: true });
}

confirming.querySelector('.keep').textContent = words.keep;
confirming.querySelector('.keep').addEventListener('click', () => confirming.close());
yes.textContent = words.removeIt;
yes.addEventListener('click', remove);
