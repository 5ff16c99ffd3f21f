import {
  htmlRendererFactory,
  imageRendererFactory,
  javaScriptRendererFactory,
  type IRenderMime,
  MimeModel,
  RenderMimeRegistry,
  svgRendererFactory,
  textRendererFactory
} from '@jupyterlab/rendermime';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { SluiceError } from '../../../shared/errors';
import type { Spilled } from '../../../shared/wire/events';
import { FakeService } from '../../__tests__/fake-service';
import { outputRendererFactory } from '../output-renderer';
import { OUTPUT_MIME_TYPE, readSluiceOutput, type SluiceOutput } from '../sluice-output';

const sha256 = 'a'.repeat(64);
const part = (changes: Partial<Spilled> = {}): Spilled => ({
  mime: 'text/html',
  sha256,
  bytes: 2_100_000,
  form: 'text',
  ...changes
});

async function render(output: SluiceOutput | object, isTrusted = true, others: object = {}) {
  const service = new FakeService();
  const registry = new RenderMimeRegistry({
    initialFactories: [
      htmlRendererFactory,
      svgRendererFactory,
      imageRendererFactory,
      javaScriptRendererFactory,
      textRendererFactory
    ]
  });
  const openLog = jest.fn();
  const trans = nullTranslator.load('x');
  registry.addFactory(outputRendererFactory({ service, registry, trans, openLog }));
  const data = { ...others, 'text/plain': 'words', [OUTPUT_MIME_TYPE]: output } as never;
  const type = registry.preferredMimeType(data, isTrusted ? 'any' : 'ensure')!;
  const widget: IRenderMime.IRenderer = registry.createRenderer(type);
  Widget.attach(widget, document.body);
  await widget.renderModel(new MimeModel({ data, trusted: isTrusted }));
  const button = (words: string) =>
    [...widget.node.querySelectorAll('button')].find(one => one.textContent === words);
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      await Promise.resolve();
    }
  };
  return { service, openLog, node: widget.node, button, settle };
}

afterEach(() => {
  document.body.replaceChildren();
});

test('a large output is a place with type and size; a click fetches and shows it', async () => {
  const { service, node, button, settle } = await render({
    kind: 'spilled',
    task: 'task-1',
    parts: [part()]
  });
  expect(node.textContent).toBe('text/html · 2.1 MBShow');
  expect(service.outputsAsked).toEqual([]);
  service.outputBody = '<b class="big">bold</b>';
  button('Show')!.click();
  await settle();
  expect(service.outputsAsked).toEqual([{ task: 'task-1', sha256 }]);
  expect(node.querySelector('b.big')!.textContent).toBe('bold');
  button('Hide')!.click();
  expect([node.querySelector('b.big'), button('Show')]).toEqual([null, expect.anything()]);
});

test('what is shown of a target without trust is cleaned, as outputs that come by themselves', async () => {
  const { service, node, button, settle } = await render(
    { kind: 'spilled', task: 'task-1', parts: [part()] },
    false
  );
  service.outputBody = '<b>bold</b><script>window.hurt = 1</script><img src="x" onerror="hurt()">';
  button('Show')!.click();
  await settle();
  expect(node.querySelector('b')!.textContent).toBe('bold');
  expect(node.querySelector('script, [onerror]')).toBeNull();
});

test.each(['image/svg+xml', 'application/javascript'])(
  'of a target without trust %s is not even fetched',
  async mime => {
    const { service, node, button, settle } = await render(
      { kind: 'spilled', task: 'task-1', parts: [part({ mime })] },
      false
    );
    button('Show')!.click();
    await settle();
    expect([service.outputsAsked, node.textContent]).toEqual([
      [],
      expect.stringContaining('not trusted')
    ]);
  }
);

test('bytes become base 64, and a type that nobody renders is shown as text', async () => {
  const picture = await render({
    kind: 'spilled',
    task: 'task-1',
    parts: [part({ mime: 'image/png', form: 'base64' })]
  });
  picture.service.outputBody = 'PNG';
  picture.button('Show')!.click();
  await picture.settle();
  expect(picture.node.querySelector('img')!.src).toBe('data:image/png;base64,UE5H');
  const odd = await render({
    kind: 'spilled',
    task: 'task-1',
    parts: [part({ mime: 'application/x-odd+json', form: 'json' })]
  });
  odd.service.outputBody = '{"a": 1}';
  odd.button('Show')!.click();
  await odd.settle();
  expect(odd.node.querySelector('pre')!.textContent).toBe('{"a":1}');
});

test('what else the output holds is shown above, and a failure is told with its hint', async () => {
  const { service, node, button, settle } = await render(
    { kind: 'spilled', task: 'task-1', parts: [part()] },
    true,
    { 'image/png': 'UE5H' }
  );
  expect(node.querySelector('img')).not.toBeNull();
  service.failure = new SluiceError('not-found', { what: 'output', id: 'x' });
  button('Show')!.click();
  await settle();
  expect(node.querySelector('[role="status"]')!.textContent).toContain('There is no output');
  service.failure = null;
  service.outputBody = 'now';
  button('Show')!.click();
  await settle();
  expect(node.textContent).toContain('now');
});

test('text without a seal is marked, and stays text', async () => {
  const { node } = await render({ kind: 'unsealed', text: '<img src=x onerror=hurt()>' });
  expect(node.textContent).toContain('These outputs bear no valid seal of the job');
  expect(node.querySelector('summary')!.title).toContain('sealed with a key');
  expect([node.querySelector('img'), node.querySelector('pre')!.textContent]).toEqual([
    null,
    '<img src=x onerror=hurt()>'
  ]);
});

test('hidden text leads to the log', async () => {
  const { node, button, openLog } = await render({ kind: 'more', task: 'task-1', lines: 7 });
  expect(node.textContent).toContain('… 7 more lines in the log');
  button('Open the log')!.click();
  expect(openLog).toHaveBeenCalledWith('task-1');
});

test.each([
  null,
  'text',
  {},
  { kind: 'spilled', task: 'a', parts: [{}] },
  { kind: 'spilled', task: 'a', parts: [part({ sha256: '../../x' })] },
  { kind: 'more', task: 5, lines: 1 },
  { kind: 'unsealed', text: {} }
])('a document that holds %j holds nothing of ours', value => {
  expect(readSluiceOutput(value)).toBeNull();
});
