import type { LoginQuestion } from './login-prompter';
import { cleanServerWords } from './server-words';

const MOST_LABEL_CHARACTERS = 200;

/** A question with nothing in it that acts; a prompt of several lines is text, and its last line the label. */
export function cleanQuestion(question: LoginQuestion): LoginQuestion {
  const text = [cleanServerWords(question.text)];
  const fields = question.fields.map(({ label, secret }) => {
    const lines = cleanServerWords(label).split('\n');
    const last = lines.pop() ?? '';
    text.push(...lines);
    return { label: cleanServerWords(last.trim(), MOST_LABEL_CHARACTERS), secret };
  });
  const { hostKey } = question;
  return {
    ...question,
    text: cleanServerWords(text.join('\n')),
    fields,
    ...(hostKey && {
      hostKey: {
        algorithm: cleanServerWords(hostKey.algorithm, MOST_LABEL_CHARACTERS),
        fingerprint: cleanServerWords(hostKey.fingerprint, MOST_LABEL_CHARACTERS),
        knownHosts: hostKey.knownHosts
      }
    })
  };
}
