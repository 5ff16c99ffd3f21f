import { withSetupLock } from './lock.mjs';
import { doStep } from './step.mjs';
import { browserLibrary } from './steps/browser-library.mjs';
import { cloudpickle } from './steps/cloudpickle.mjs';
import { editableInstall } from './steps/editable-install.mjs';
import { errorWords } from './steps/error-words.mjs';
import { labextension } from './steps/labextension.mjs';
import { nodeModules } from './steps/node-modules.mjs';
import { pythonEnvironment } from './steps/python-environment.mjs';
import { serviceBundle } from './steps/service-bundle.mjs';

const tools = [nodeModules, pythonEnvironment];
const build = [cloudpickle, browserLibrary, labextension, serviceBundle, errorWords];

const all = [...tools, ...build, editableInstall];

/** How far a command needs the checkout set up, or one step; each with what it stands on. */
export const levels = {
  tools,
  build: [...tools, ...build],
  all,
  ...Object.fromEntries(all.map(step => [step.name, [...(step.needs ?? []), step]]))
};

/** Does the steps of a level that are not done yet. */
export async function setUp(level) {
  await withSetupLock(async () => {
    for (const step of levels[level]) {
      await doStep(step);
    }
  });
}
