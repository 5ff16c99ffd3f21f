import { MimeModel } from '@jupyterlab/rendermime';
import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { act } from 'react';
import { FakeClock } from '../../__tests__/fake-clock';
import { makePlan } from '../../__tests__/make-plan';
import { PLAN_MIME_TYPE, planRendererFactory } from '../plan-renderer';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

async function render(value: unknown): Promise<HTMLElement> {
  const factory = planRendererFactory(new FakeClock(), nullTranslator.load('x'));
  const options = { mimeType: PLAN_MIME_TYPE, sanitizer: null!, resolver: null, linkHandler: null };
  const widget = factory.createRenderer({ ...options, latexTypesetter: null });
  await act(async () => {
    Widget.attach(widget, document.body);
    MessageLoop.flush();
    await widget.renderModel(new MimeModel({ data: { [PLAN_MIME_TYPE]: value as never } }));
  });
  return widget.node;
}

afterEach(() => {
  document.body.replaceChildren();
});

test('shows the plan of the magic without actions that need the cell', async () => {
  const node = await render(makePlan());
  expect(node.querySelector('.sluice-PlanView-summary')!.textContent).toContain('1 module');
  expect(node.querySelector('button')).toBeNull();
});

test('what anyone wrote into a notebook is text, never markup', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  const node = await render(makePlan({ script: evil, target: evil }));
  expect(node.querySelector('img')).toBeNull();
  expect(node.textContent).toContain(evil);
});

test('says so when it cannot be read', async () => {
  expect((await render({ version: 7 })).textContent).toBe('This dry run cannot be read.');
});
