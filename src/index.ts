import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { cellsPlugin } from './lab/plugins/cells';
import { commandsPlugin } from './lab/plugins/commands';
import { decisionsPlugin } from './lab/plugins/decisions';
import { doctorPlugin } from './lab/plugins/doctor';
import { filesPlugin } from './lab/plugins/files';
import { goToCellPlugin } from './lab/plugins/go-to-cell';
import { loginPlugin } from './lab/plugins/login';
import { logPlugin } from './lab/plugins/log';
import { magicPlugin } from './lab/plugins/magic';
import { outputRendererPlugin } from './lab/plugins/output-renderer';
import { panelPlugin } from './lab/plugins/panel';
import { planRendererPlugin } from './lab/plugins/plan-renderer';
import { servicePlugin } from './lab/plugins/service';
import { settingsPlugin } from './lab/plugins/settings';
import { targetsPlugin } from './lab/plugins/targets';
import { tasksPlugin } from './lab/plugins/tasks';
import { valuesPlugin } from './lab/plugins/values';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  settingsPlugin,
  servicePlugin,
  tasksPlugin,
  loginPlugin,
  cellsPlugin,
  commandsPlugin,
  decisionsPlugin,
  valuesPlugin,
  targetsPlugin,
  panelPlugin,
  outputRendererPlugin,
  planRendererPlugin,
  logPlugin,
  doctorPlugin,
  filesPlugin,
  goToCellPlugin,
  magicPlugin
];

export default plugins;
