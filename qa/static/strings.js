// Every word that the page's scripts write, by part. Runs before the part's script.
const STRINGS = {
  chat: {
    working: 'Searching the record…',
    none: 'Not in the record',
    asked: 'Asked, but not answered',
    askedThen: 'The question, and how the reply begins:',
    closest: 'These are the closest passages. They may not answer the question.',
    nothing: 'Nothing comes close.',
    checked: '✓ Checked just now, word for word, against the stored text',
    welcome: 'Ask the transcript',
    how: 'Answers are exact quotes. Click a number to read it in place.',
  },
  pane: {},
  library: {},
};
