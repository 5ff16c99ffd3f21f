import { nullTranslator } from '@jupyterlab/translation';
import { ChoiceBody } from '../choose';
import { ProjectBody } from '../project-consent';
import { trustQuestion } from '../trust-question';

const trans = nullTranslator.load('x');

test('the question of trust offers three ways, each with what it allows, text and pictures first', () => {
  const body = new ChoiceBody(trustQuestion('curnagl', 'none', trans));
  const radios = [...body.node.querySelectorAll('input')];
  expect(radios.map(({ labels }) => labels?.[0]?.textContent)).toEqual([
    'Text and pictures',
    'Interactive outputs too',
    'Any Python object too'
  ]);
  for (const radio of radios) {
    const meaning = body.node.querySelector(`#${radio.getAttribute('aria-describedby')}`);
    expect(meaning?.textContent.length).toBeGreaterThan(40);
  }
  expect(body.getValue()).toBe('none');
  radios[2]!.click();
  expect(body.getValue()).toBe('pickles');
});

test('what is known already is chosen', () => {
  expect(new ChoiceBody(trustQuestion('curnagl', 'outputs', trans)).getValue()).toBe('outputs');
});

test('the question about a project file names the file and each key', () => {
  const asked = { path: '/home/me/<b>x</b>/sluice.toml', keys: 'setup, host', sha256: '0' };
  const { node } = new ProjectBody(asked, trans);
  expect([...node.querySelectorAll('li')].map(item => item.textContent)).toEqual(['setup', 'host']);
  expect([node.querySelector('pre')!.textContent, node.querySelector('b')]).toEqual([
    asked.path,
    null
  ]);
});
