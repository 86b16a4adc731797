// Runs in the bar: the colours are chosen before anything is painted (early.html); here their button says which.
window.addEventListener('colours', ({ detail: { name, next } }) => {
  const button = element.querySelector('[data-act=theme]');
  const said = STRINGS.bar.colours(name, next);
  button.textContent = STRINGS.bar.signs[name];
  button.setAttribute('aria-label', said);
  button.title = said;
});
window.dispatchEvent(new Event('page-drawn'));
