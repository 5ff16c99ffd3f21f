import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { CommandIDs } from '../../command-ids';
import { ISluiceService } from '../../service';
import { ITaskStore, TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { decisionsPlugin } from '../decisions';
import { doctorPlugin } from '../doctor';
import { filesPlugin } from '../files';
import { goToCellPlugin } from '../go-to-cell';
import { logPlugin } from '../log';
import { loginPlugin } from '../login';
import { targetsPlugin } from '../targets';
import { valuesPlugin } from '../values';

type Command = Parameters<JupyterFrontEnd['commands']['addCommand']>[1];

const plugins = [
  decisionsPlugin,
  doctorPlugin,
  filesPlugin,
  goToCellPlugin,
  logPlugin,
  loginPlugin,
  targetsPlugin,
  valuesPlugin
];

function activateAll(): { commands: Map<string, Command>; inPalette: Set<string> } {
  const commands = new Map<string, Command>();
  const inPalette = new Set<string>();
  const service = new FakeService();
  const tracker = { currentWidget: null, activeCell: null, activeCellChanged: new Signal({}) };
  const parts = new Map<unknown, unknown>([
    [ISluiceService, service],
    [ITaskStore, new TaskStore(service, new Ticker(new FakeClock()))],
    [INotebookTracker, tracker],
    [ICommandPalette, { addItem: (item: { command: string }) => inPalette.add(item.command) }]
  ]);
  const app = {
    commands: {
      addCommand: (id: string, command: Command) => commands.set(id, command),
      notifyCommandChanged: () => undefined
    }
  };
  for (const { requires = [], optional = [], activate } of plugins) {
    const given = [...requires, ...optional].map(token => parts.get(token) ?? null);
    void activate(app as never, ...(given as never[]));
  }
  return { commands, inPalette };
}

const { commands, inPalette } = activateAll();
const required = ({ describedBy }: Command): readonly string[] => {
  const { args } = describedBy as { args: { required?: readonly string[] } };
  return args.required ?? [];
};

test('what is decided about jobs, values and targets is in the palette', () => {
  expect([...inPalette]).toEqual(
    expect.arrayContaining([
      CommandIDs.lookNow,
      CommandIDs.giveUp,
      CommandIDs.runAgain,
      CommandIDs.cancelAll,
      CommandIDs.bringValue,
      CommandIDs.findJobs,
      CommandIDs.chooseTrust
    ])
  );
});

test.each([...commands])(
  '%s has a name, and a place in the palette if it can be alone',
  (id, command) => {
    expect(command.label).toMatch(/\w/);
    expect(inPalette.has(id)).toBe(required(command).length === 0);
  }
);

test.each([...inPalette])('%s says in the palette what it does', id => {
  expect(commands.get(id)?.caption).toMatch(/\w/);
});

test('no two entries of the palette are named alike', () => {
  const labels = [...inPalette].map(id => commands.get(id)?.label);
  expect(new Set(labels).size).toBe(labels.length);
});
